// Its handler exits at once with code 0, whatever is being answered.
package main

import (
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	go func() {
		<-stop
		os.Exit(0)
	}()
	log.Fatal(http.ListenAndServe(":8080", http.HandlerFunc(answer)))
}

func answer(w http.ResponseWriter, _ *http.Request) {
	time.Sleep(300 * time.Millisecond)
	io.WriteString(w, "done\n")
}
