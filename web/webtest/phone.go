package webtest

import (
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

// Phone is the screen of a phone.
var Phone = Size{390, 844}

// Cut takes the network from the page, and gives it back.
func (p *Page) Cut(off bool) {
	p.t.Helper()
	conditions := []*network.Conditions{{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}}
	worker := off
	_, err := chromedp.Call(p.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{EmulateOfflineServiceWorker: &worker, MatchedNetworkConditions: conditions})
	if err == nil {
		_, err = chromedp.Call(p.ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1})
	}
	if err != nil {
		p.t.Fatalf("cut the network (%v): %v", off, err)
	}
}

// Quota leaves an origin's storage so many bytes; 0 is as before.
func (p *Page) Quota(origin string, bytes float64) {
	p.t.Helper()
	params := storage.OverrideQuotaForOriginParams{Origin: origin}
	if bytes > 0 {
		params.QuotaSize = &bytes
	}
	if _, err := chromedp.Call(p.ctx, storage.OverrideQuotaForOrigin, params); err != nil {
		p.t.Fatalf("quota: %v", err)
	}
}

// Kill ends the browser of OpenWhole as a dead battery does: nothing is said to it.
// It returns when the process is gone.
func (p *Page) Kill() {
	p.t.Helper()
	process := chromedp.FromContext(p.ctx).Browser.Process()
	if process == nil {
		p.t.Fatal("the browser has no process of its own")
	}
	if err := process.Kill(); err != nil {
		p.t.Fatalf("kill the browser: %v", err)
	}
	select {
	case <-p.ctx.Done():
	case <-time.After(patience):
		p.t.Fatal("the browser is still there a minute after it was killed")
	}
}
