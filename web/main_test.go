package web

import (
	"os"
	"testing"

	"muontra/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(webtest.Main(m)) }
