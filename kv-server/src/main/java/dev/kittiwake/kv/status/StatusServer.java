package dev.kittiwake.kv.status;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves pages by path over HTTP/1.1: GET only, each page made anew for each request. Thread-safe.
 *
 * <p>Pages of a store: {@code /config} (JSON), {@code /metrics} (Prometheus text), {@code /status}
 * (JSON).
 */
public final class StatusServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatusServer.class);

  private final HttpServer server;

  /** What a path shows. */
  public record Page(String contentType, Supplier<String> body) {}

  /**
   * Listens on {@code address} (port 0 = any).
   *
   * @throws IOException if the port is taken or may not be used
   */
  public StatusServer(InetSocketAddress address, Map<String, Page> pages, Executor executor)
      throws IOException {
    this.server = HttpServer.create(address, 0);
    this.server.setExecutor(executor);
    Map<String, Page> byPath = new TreeMap<>(pages);
    this.server.createContext("/", exchange -> answer(exchange, byPath));
    this.server.start();
  }

  /** The port that is listened on. */
  public int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, Map<String, Page> pages) throws IOException {
    try (exchange) {
      Page page = pages.get(exchange.getRequestURI().getPath());
      if (!exchange.getRequestMethod().equals("GET")) {
        send(
            exchange,
            405,
            "text/plain",
            exchange.getRequestMethod() + " is not served here: use GET\n");
      } else if (page == null) {
        send(exchange, 404, "text/plain", "no such page; there are " + pages.keySet() + "\n");
      } else {
        show(exchange, page);
      }
    }
  }

  private static void show(HttpExchange exchange, Page page) throws IOException {
    String body;
    try {
      body = page.body().get();
    } catch (RuntimeException failure) {
      // A store that stops between the look whether it serves and the look into it; else a fault.
      LOG.warn(
          "event=status_page_failed path={} reason={}",
          exchange.getRequestURI().getPath(),
          failure.toString());
      send(exchange, 503, "text/plain", "the store is starting or stopping: ask again\n");
      return;
    }
    send(exchange, 200, page.contentType(), body);
  }

  private static void send(HttpExchange exchange, int status, String contentType, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", contentType + "; charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
