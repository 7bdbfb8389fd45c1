package words

// enLan are the words by which another machine is connected.
var enLan = map[string]string{
	"machines.alone":        "Only this machine can connect now",
	"machines.lan_why":      "Once allowed, PCs, tablets and phones on the school's network reach the library, encrypted. A stranger still needs a pairing code or an account.",
	"machines.lan_go":       "Let other machines of the school in",
	"machines.lan_stop":     "Let no other machine in any more",
	"machines.lan_on":       "Allowed. Other machines can connect once muontra was opened again.",
	"machines.lan_off":      "No longer allowed. From the next start only this machine can connect.",
	"machines.lan_waits":    "Allowed; muontra has to be opened again.",
	"machines.restart.1":    "Close muontra: close its black window, or switch the PC off.",
	"machines.restart.2":    "Open it as every day. If Windows asks, press Allow.",
	"machines.restart.3":    "Come back here: the address for other machines is shown.",
	"machines.expert":       "For a technician",
	"machines.expert_serve": "Where muontra is run by a command line with --listen, the button above has no effect; add an address:",
	"machines.pair_qr":      "QR code of the pairing page of station {station}",
	"machines.step.trust":   "The first time on the other machine: open this page in its browser and follow the pictures.",
	"machines.step.net":     "Connect the other machine to the school's network.",
	"machines.step.open":    "On the other machine: scan this QR code, or type the address",
	"machines.step.code":    "Type the code {code} (by the QR code it is there already) and press Pair. The kiosk page opens.",
	"machines.step.scan":    "Plug a scanner into the other machine, or press the camera button. Try a card.",
	"pair.ready":            "The code is there already. Press Pair.",
}
