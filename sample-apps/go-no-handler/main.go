// No handler: Go's runtime ends the program by itself on SIGTERM, as PID 1 too, with exit code 2.
package main

import (
	"io"
	"log"
	"net/http"
	"time"
)

func main() {
	log.Fatal(http.ListenAndServe(":8080", http.HandlerFunc(answer)))
}

func answer(w http.ResponseWriter, _ *http.Request) {
	time.Sleep(300 * time.Millisecond)
	io.WriteString(w, "done\n")
}
