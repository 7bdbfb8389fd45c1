package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"muontra/kiosk"
	"muontra/web/words"
)

// policyRow is a line as its sentence.
type policyRow struct {
	kiosk.PolicyLine
	Text     string
	Edit     string // the path of its page
	Governs  bool   // the line that holds for what was asked
	Fallback bool
}

// policiesPage shows the policies as sentences, in the order in which they win,
// and what would hold for somebody and something.
func (s *Server) policiesPage(w http.ResponseWriter, r *http.Request) error {
	rules, _, err := s.rulesNow(r)
	if err != nil {
		return err
	}
	lang, q := s.lang(r), r.URL.Query()
	data := map[string]any{"Who": policyWho(lang, false), "Kinds": policyKinds(lang, false), "Subs": policySubs(lang, rules.Policies)}
	ask := kiosk.PolicyLine{Category: kiosk.Category(q.Get("who")), Kind: kiosk.Kind(q.Get("kind")), SubKind: q.Get("sub")}
	asked := slices.Contains(kiosk.Categories, ask.Category) && slices.Contains(kiosk.Kinds, ask.Kind)
	var governs kiosk.PolicyLine
	if asked {
		governs = rules.Policies.For(ask.Category, ask.Kind, ask.SubKind)
		data["Holds"] = words.T(lang, "policy.holds", "who", words.T(lang, "policy.who."+string(ask.Category)), "what", policyWhat(lang, ask), "line", policyText(lang, governs))
	}
	var rows []policyRow
	for _, l := range rules.Policies.Ranked() {
		rows = append(rows, policyRow{l, policyText(lang, l), policyPath(l), asked && l.SameKey(governs), l.IsFallback()})
	}
	data["Rows"] = rows
	data["F"] = newForm("who", q.Get("who"), "kind", q.Get("kind"), "sub", q.Get("sub"))
	s.deskPage(w, r, http.StatusOK, "policies.html", data)
	return nil
}

func policyPath(l kiosk.PolicyLine) string {
	return policiesPath + "/line?" + url.Values{"who": {string(l.Category)}, "kind": {string(l.Kind)}, "sub": {l.SubKind}}.Encode()
}

// policyLinePage is the form of one line: the stored one that the query names,
// or a new one.
func (s *Server) policyLinePage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if !q.Has("kind") {
		f := newForm("who", string(kiosk.Pupil), "kind", string(kiosk.Children), "does", "lend", "limit", "2", "term", string(kiosk.TermDays), "days", "7", "renewals", "1")
		return s.policyForm(w, r, http.StatusOK, f)
	}
	rules, _, err := s.rulesNow(r)
	if err != nil {
		return err
	}
	i := lineAt(rules.Policies, keyOf(q, ""))
	if i < 0 {
		return errNotFound
	}
	f := formOfPolicy(rules.Policies[i]).stamp()
	f.Values.Set("was", "yes")
	for _, name := range []string{"who", "kind", "sub"} {
		f.Values.Set("was."+name, f.Get(name))
	}
	return s.policyForm(w, r, http.StatusOK, f)
}

// keyOf reads whose and which copies' line is meant.
func keyOf(v url.Values, prefix string) kiosk.PolicyLine {
	return kiosk.PolicyLine{Category: kiosk.Category(v.Get(prefix + "who")), Kind: kiosk.Kind(v.Get(prefix + "kind")), SubKind: v.Get(prefix + "sub")}
}

func lineAt(p kiosk.Policies, key kiosk.PolicyLine) int {
	return slices.IndexFunc(p, func(l kiosk.PolicyLine) bool { return l.SameKey(key) })
}

func (s *Server) policyForm(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	rules, _, err := s.rulesNow(r)
	if err != nil {
		return err
	}
	lang := s.lang(r)
	known := f.Is("was", "yes")
	s.deskPage(w, r, status, "policyform.html", map[string]any{
		"F": f, "Known": known, "Fallback": known && keyOf(f.Values, "was.").IsFallback(),
		"Who": policyWho(lang, true), "Kinds": policyKinds(lang, true), "Subs": policySubs(lang, rules.Policies),
		"Does": policyDoes(lang), "Terms": policyTerms(lang),
	})
	return nil
}

var errPolicyGone = errors.New("the policy line is gone")

// putPolicyLine changes a line, or adds one.
func (s *Server) putPolicyLine(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	known, key := f.Is("was", "yes"), keyOf(f.Values, "was.")
	if known && key.IsFallback() {
		for _, name := range []string{"who", "kind", "sub"} {
			f.Values.Set(name, "") // it holds for all, whatever was sent
		}
	}
	line, lang := policyOfForm(f), s.lang(r)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var c swap[kiosk.Policies]
		err := s.Settings.SetPolicies(r.Context(), a, c.remember(func(now kiosk.Policies) (kiosk.Policies, error) {
			p := slices.Clone(now)
			at := -1
			if known {
				if at = lineAt(p, key); at < 0 {
					return nil, errPolicyGone
				}
				stored := formOfPolicy(p[at])
				stored.say = policySay(lang, p)
				if err := f.stale(stored); err != nil {
					return nil, err
				}
			}
			if other := lineAt(p, line); other >= 0 && other != at {
				f.Wrong["who"] = "policy_twice"
				return nil, errForm
			}
			if known {
				p[at] = line
			} else {
				p = append(p, line)
			}
			return p, nil
		}))
		if err != nil {
			return "", err
		}
		s.done(r, policiesPath, s.policiesBack(&c), "policy.saved", "line", policyText(lang, line))
		return policiesPath, nil
	}, func(status int) error { return s.policyForm(w, r, status, f) })
}

func (s *Server) policiesBack(c *swap[kiosk.Policies]) func(context.Context, kiosk.Attempt) error {
	return func(ctx context.Context, a kiosk.Attempt) error { return s.Settings.SetPolicies(ctx, a, c.back) }
}

// removePolicyLine takes a line away; what it held for goes by the next line
// that fits. The fallback line stays.
func (s *Server) removePolicyLine(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	key := keyOf(f.Values, "was.")
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if key.IsFallback() {
			return "", errPolicyNeeded
		}
		var c swap[kiosk.Policies]
		var gone kiosk.PolicyLine
		err := s.Settings.SetPolicies(r.Context(), a, c.remember(func(now kiosk.Policies) (kiosk.Policies, error) {
			at := lineAt(now, key)
			if at < 0 {
				return nil, errPolicyGone
			}
			gone = now[at]
			return slices.Delete(slices.Clone(now), at, at+1), nil
		}))
		if err != nil {
			return "", err
		}
		s.done(r, policiesPath, s.policiesBack(&c), "policy.removed", "line", policyText(s.lang(r), gone))
		return policiesPath, nil
	}, s.refused(w, r, f, policiesPath))
}

var errPolicyNeeded = errors.New("the fallback line cannot be removed")

// What a line does.
const (
	doesLend     = "lend"
	doesEntitled = "entitled" // lend, to those with the entitlement only
	doesOnSite   = "onsite"
	doesNothing  = "none"
)

// formOfPolicy is a line as its form.
func formOfPolicy(l kiosk.PolicyLine) *form {
	does := doesLend
	switch {
	case l.NotForLoan:
		does = doesNothing
	case l.OnSiteOnly:
		does = doesOnSite
	case l.EntitledOnly:
		does = doesEntitled
	}
	f := newForm("who", string(l.Category), "kind", string(l.Kind), "sub", l.SubKind, "does", does)
	f.Values.Set("limit", strconv.Itoa(l.Limit))
	f.Values.Set("term", string(l.Term))
	f.Values.Set("days", strconv.Itoa(l.Days))
	f.Values.Set("renewals", strconv.Itoa(l.Renewals))
	return f
}

// policyOfForm reads a line; numbers count only where something is lent.
func policyOfForm(f *form) kiosk.PolicyLine {
	l := kiosk.PolicyLine{
		Category: oneOf(f, "who", append([]kiosk.Category{""}, kiosk.Categories...)),
		Kind:     oneOf(f, "kind", append([]kiosk.Kind{""}, kiosk.Kinds...)),
		SubKind:  f.text("sub", 0, 40),
	}
	switch oneOf(f, "does", []string{doesLend, doesEntitled, doesOnSite, doesNothing}) {
	case doesNothing:
		l.NotForLoan = true
		return l
	case doesOnSite:
		l.OnSiteOnly = true
		return l
	case doesEntitled:
		l.EntitledOnly = true
	}
	l.Limit = f.count("limit", -1, 1, 1000)
	l.Term = oneOf(f, "term", []kiosk.Term{kiosk.TermDays, kiosk.TermSemester, kiosk.TermYear})
	if l.Term == kiosk.TermDays {
		l.Days = f.count("days", -1, 1, 1000)
	}
	l.Renewals = f.count("renewals", 0, 0, 100)
	return l
}
