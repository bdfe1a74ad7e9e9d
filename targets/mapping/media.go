package mapping

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
)

// contentReader reads media out of a JSON body.
type contentReader struct {
	jq       *query
	isBase64 bool
}

// bytes are the media: the texts that the expression gives, one after the other.
func (c *contentReader) bytes(ctx context.Context, body any, status int) ([]byte, error) {
	all, err := c.jq.all(ctx, body, status)
	if err != nil {
		return nil, fmt.Errorf("the content cannot be read: %w", err)
	}
	var out []byte
	for _, v := range all {
		if out, err = c.append(out, v); err != nil {
			return out, err
		}
	}
	return out, nil
}

func (c *contentReader) append(out []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return out, nil
	case []any:
		var err error
		for _, item := range v {
			if out, err = c.append(out, item); err != nil {
				return out, err
			}
		}
		return out, nil
	case string:
		if !c.isBase64 {
			return append(out, v...), nil
		}
		media, err := decodeBase64(v)
		if err != nil {
			return out, fmt.Errorf("the content is no base64: %w", err)
		}
		return append(out, media...), nil
	}
	return out, fmt.Errorf("the content is not a text but %s", describe(v))
}

// decodeBase64 reads either alphabet, with padding or without (RFC 4648).
func decodeBase64(text string) ([]byte, error) {
	text = strings.TrimRight(text, "=")
	if strings.ContainsAny(text, "-_") {
		return base64.RawURLEncoding.DecodeString(text)
	}
	return base64.RawStdEncoding.DecodeString(text)
}

// contentOf is media that was found whole.
func contentOf(media []byte) *models.Content {
	c := &models.Content{Length: int64(len(media)), Total: int64(len(media))}
	c.Pieces, c.Stray = models.ReadMedia(media)
	return c
}

// maxRead is the number of bytes of media without a tag that are looked at.
const maxRead = 400

// readContent reads the media that an answer delivers, or describes in answer to
// HEAD. Of a refusal it is what was delivered all the same.
func (w *World) readContent(ctx context.Context, o *operation, a *reply) *models.Content {
	switch {
	case o.last().method == http.MethodHead || models.PathOf(o.kind) == models.PathHead:
		if a.Outcome != models.OK {
			return nil
		}
		return &models.Content{Total: a.Length}
	case a.Outcome != models.OK || o.content == nil:
		c := a.Content()
		if c != nil && len(c.Pieces) == 0 && c.Length > 0 {
			a.remark(fmt.Sprintf("the answer begins with %s", w.sample(string(a.Body[:min(len(a.Body), maxRead)]))))
		}
		if c != nil && a.Outcome.Refused() && len(c.Pieces) == 0 {
			return nil
		}
		return c
	}
	key := "operations." + string(o.kind) + ".content"
	body, err := a.body()
	if err != nil {
		w.doubt(a, key, err.Error())
		return a.Content()
	}
	media, err := o.content.bytes(ctx, body, a.Status)
	if err != nil {
		w.doubt(a, key, err.Error())
	}
	return contentOf(media)
}
