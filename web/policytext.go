package web

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"muontra/kiosk"
	"muontra/web/words"
)

// policyText is a policy line as a sentence.
func policyText(lang words.Lang, l kiosk.PolicyLine) string {
	who, what := words.T(lang, "policy.who."+string(l.Category)), policyWhat(lang, l)
	switch {
	case l.NotForLoan:
		return words.T(lang, "policy.none", "who", who, "what", what)
	case l.OnSiteOnly:
		return words.T(lang, "policy.onsite", "who", who, "what", what)
	}
	key := "policy.lend."
	if l.EntitledOnly {
		key = "policy.entitled."
	}
	renew := words.T(lang, "policy.renew.none")
	if l.Renewals > 0 {
		renew = words.T(lang, "policy.renew", "n", l.Renewals)
	}
	return words.T(lang, key+string(l.Term), "who", who, "what", what, "n", l.Limit, "days", l.Days, "renew", renew)
}

// policyWhat names the copies that a line is about, as within a sentence.
func policyWhat(lang words.Lang, l kiosk.PolicyLine) string {
	sub := l.SubKind
	if words.Has(lang, "sub."+sub) {
		sub = small(words.T(lang, "sub."+sub))
	}
	switch {
	case l.Kind == "" && sub == "":
		return words.T(lang, "policy.what")
	case sub == "":
		return small(words.T(lang, "kind."+string(l.Kind)))
	case l.Kind == "":
		return sub
	}
	return small(words.T(lang, "kind."+string(l.Kind))) + " (" + sub + ")"
}

// small begins a name with a small letter.
func small(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}

// policyWho are the patrons to choose from.
func policyWho(lang words.Lang, anybody bool) []choice {
	all := choices(lang, "policy.who.", kiosk.Categories)
	if anybody {
		all = append([]choice{{"", words.T(lang, "policy.who.")}}, all...)
	}
	return all
}

func policyKinds(lang words.Lang, any bool) []choice {
	all := choices(lang, "kind.", kiosk.Kinds)
	if any {
		all = append([]choice{{"", words.T(lang, "policy.any_kind")}}, all...)
	}
	return all
}

// policySubs are the groups within kinds: the usual ones, and those that a line
// already speaks of.
func policySubs(lang words.Lang, p kiosk.Policies) []choice {
	names := slices.Clone(subKinds)
	for _, l := range p {
		if l.SubKind != "" && !slices.Contains(names, l.SubKind) {
			names = append(names, l.SubKind)
		}
	}
	all := []choice{{"", words.T(lang, "policy.any_sub")}}
	for _, n := range names {
		text := n
		if words.Has(lang, "sub."+n) {
			text = words.T(lang, "sub."+n)
		}
		all = append(all, choice{n, text})
	}
	return all
}

func policyDoes(lang words.Lang) []choice {
	return choices(lang, "policy.does.", []string{doesLend, doesEntitled, doesOnSite, doesNothing})
}

func policyTerms(lang words.Lang) []choice {
	return choices(lang, "policy.term.", []kiosk.Term{kiosk.TermDays, kiosk.TermSemester, kiosk.TermYear})
}

// policySay names a field's stored value for a reader.
func policySay(lang words.Lang, p kiosk.Policies) func(field, value string) string {
	return func(field, value string) string {
		switch field {
		case "who":
			return textOf(policyWho(lang, true), value)
		case "kind":
			return textOf(policyKinds(lang, true), value)
		case "sub":
			return textOf(policySubs(lang, p), value)
		case "does":
			return textOf(policyDoes(lang), value)
		case "term":
			return textOf(policyTerms(lang), value)
		}
		return value
	}
}
