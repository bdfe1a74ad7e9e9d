package viewer

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"
)

//go:embed assets
var assets embed.FS

// scripts are the files of the script, in order.
var scripts = [...]string{"dom.js", "state.js", "lanes.js", "list.js", "panel.js", "views.js", "main.js"}

// HTML writes the page. It loads nothing: the content security policy in it
// allows its own script and style, by their hashes, and forbids all else.
func writePage(w io.Writer, p *Page) error {
	data, err := Data(p)
	if err != nil {
		return err
	}
	text, err := content("page.html")
	if err != nil {
		return err
	}
	page, err := template.New("page").Parse(text)
	if err != nil {
		return fmt.Errorf("parse page.html: %w", err)
	}
	style, err := content("page.css")
	if err != nil {
		return err
	}
	script, err := script()
	if err != nil {
		return err
	}
	return page.Execute(w, struct {
		Page   *Page
		Policy string
		Style  template.CSS
		Script template.JS
		Data   template.JS
	}{p, policy(style, script), template.CSS(style), template.JS(script), template.JS(data)})
}

// Data is the page's block of JSON. It has neither "<" nor ">" nor "&", so that
// nothing in it can end the script element in which it stands.
func Data(p *Page) ([]byte, error) {
	data, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("write the page's data: %w", err)
	}
	return data, nil
}

func script() (string, error) {
	var b strings.Builder
	b.WriteString("'use strict';\n(() => {\n")
	for _, name := range scripts {
		text, err := content(name)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
	}
	b.WriteString("})();\n")
	return b.String(), nil
}

func content(name string) (string, error) {
	text, err := assets.ReadFile("assets/" + name)
	if err != nil {
		return "", fmt.Errorf("read the page's assets: %w", err)
	}
	return string(text), nil
}

// policy is a content security policy (CSP level 3) for a page with one style
// and one script.
func policy(style, script string) string {
	return "default-src 'none'; style-src '" + hash(style) + "'; script-src '" + hash(script) + "'; base-uri 'none'; form-action 'none'"
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
