// An ordinary drain: http.Server.Shutdown on SIGTERM. WORK_MS is how long an answer takes; with CONNECTION=close every
// answer ends its connection.
package main

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

func main() {
	workMs, err := strconv.Atoi(os.Getenv("WORK_MS"))
	if err != nil {
		log.Fatal(err)
	}
	endsConnections := os.Getenv("CONNECTION") == "close"
	server := &http.Server{Addr: ":3000", Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(time.Duration(workMs) * time.Millisecond)
		if endsConnections {
			w.Header().Set("Connection", "close")
		}
		io.WriteString(w, "done\n")
	})}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() {
		if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
			log.Fatal(err)
		}
	}()

	<-ctx.Done()
	draining, cancel := context.WithTimeout(context.Background(), 8*time.Second)
	defer cancel()
	if err := server.Shutdown(draining); err != nil {
		log.Fatal(err)
	}
}
