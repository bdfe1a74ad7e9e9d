package secret

import (
	"net/url"
	"slices"
	"strings"
)

// Everywhere reports whether a value is taken out of every text. One that is short
// or an ordinary word is a secret only where it was put: taken out everywhere it
// would damage what is said of something else.
func Everywhere(value string) bool { return len(value) >= Least && !ordinary(value) }

// longestWord is the length up to which letters alone are taken for a word.
const longestWord = 15

// terms are words of protocols that are no words of a language.
var terms = []string{"authorization_code", "client_credentials", "refresh_token", "keep-alive", "no-cache", "no-store"}

// ordinary reports whether a value is a single word, a media type, a term of a
// protocol, or the address of a server.
func ordinary(value string) bool {
	return word(value) || mediaType(value) || slices.Contains(terms, value) || server(value)
}

// word reports whether a value is letters, all of one case but for the first.
func word(value string) bool {
	if len(value) > longestWord {
		return false
	}
	rest := value[1:]
	return letters(value) && (rest == strings.ToLower(rest) || value == strings.ToUpper(value))
}

func letters(value string) bool {
	for i := range len(value) {
		if c := value[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

// mediaType reports whether a value is like application/json or */*.
func mediaType(value string) bool {
	kind, _, _ := strings.Cut(value, ";")
	top, sub, ok := strings.Cut(kind, "/")
	return ok && slices.Contains([]string{"*", "application", "audio", "image", "multipart", "text", "video"}, top) && !strings.Contains(sub, "/")
}

// server reports whether a value is a URL of a server, and nothing behind it.
func server(value string) bool {
	if !strings.HasPrefix(value, "http://") && !strings.HasPrefix(value, "https://") {
		return false
	}
	u, err := url.Parse(value)
	return err == nil && u.User == nil && u.RawQuery == "" && u.Fragment == "" && (u.Path == "" || u.Path == "/")
}
