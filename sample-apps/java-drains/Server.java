// Right: the shutdown hook closes the listener, sends off clients that keep their connection, and waits for the answers
// that are under way, STOP_SECONDS at most. The JVM runs its hooks on SIGTERM by itself, and exits 143. WORK_MS is how
// long an answer takes.
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

public class Server {
    private static volatile boolean stopping = false;

    public static void main(String[] args) throws Exception {
        int workMs = Integer.parseInt(System.getenv().getOrDefault("WORK_MS", "300"));
        int stopSeconds = Integer.parseInt(System.getenv().getOrDefault("STOP_SECONDS", "5"));
        HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            try {
                Thread.sleep(workMs);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (stopping) {
                exchange.getResponseHeaders().set("Connection", "close");
            }
            byte[] body = "done\n".getBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stopping = true;
            server.stop(stopSeconds);
        }));
        server.start();
    }
}
