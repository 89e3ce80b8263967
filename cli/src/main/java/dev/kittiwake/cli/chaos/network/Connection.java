package dev.kittiwake.cli.chaos.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One TCP connection through a gate. Each direction has a thread that reads and one that writes:
 * between them bytes wait until their time has come and their link is open.
 */
final class Connection {
  private static final int PIECE = 64 << 10;
  private static final int PIECES_WAITING = 256;
  private static final long LOOK_MILLIS = 500;

  private final String from;
  private final String to;
  private final Socket client;
  private final Socket server;
  private final LongSupplier nanos;
  private volatile boolean closed;

  Connection(String from, String to, Socket client, Socket server, LongSupplier nanos) {
    this.nanos = nanos;
    this.from = from;
    this.to = to;
    this.client = client;
    this.server = server;
  }

  /** Some bytes and when they may leave. */
  private record Piece(byte[] bytes, int length, long dueNanos) {}

  boolean isBetween(String one, String other) {
    return from.equals(one) && to.equals(other) || from.equals(other) && to.equals(one);
  }

  boolean isClosed() {
    return closed;
  }

  void run(Executor threads, Link forth, Link back, Runnable atEnd) {
    pump(threads, client, server, forth, atEnd);
    pump(threads, server, client, back, atEnd);
  }

  private void pump(Executor threads, Socket source, Socket target, Link link, Runnable atEnd) {
    BlockingQueue<Piece> waiting = new LinkedBlockingQueue<>(PIECES_WAITING);
    threads.execute(() -> ending(() -> read(source.getInputStream(), link, waiting), atEnd));
    threads.execute(() -> ending(() -> write(target.getOutputStream(), link, waiting), atEnd));
  }

  /** What may end with the connection. */
  private interface Pumping {
    void run() throws IOException, InterruptedException;
  }

  private void ending(Pumping pumping, Runnable atEnd) {
    try {
      pumping.run();
    } catch (IOException broken) {
      close(); // the other side hears of it by the same means
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      close();
      atEnd.run();
    }
  }

  private void read(InputStream source, Link link, BlockingQueue<Piece> waiting)
      throws IOException, InterruptedException {
    while (!closed) {
      byte[] bytes = new byte[PIECE];
      int length = source.read(bytes);
      if (length < 0) {
        return;
      }
      Piece piece = new Piece(bytes, length, nanos.getAsLong() + link.delayMillis() * 1_000_000L);
      while (!waiting.offer(piece, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        if (closed) {
          return;
        }
      }
    }
  }

  private void write(OutputStream target, Link link, BlockingQueue<Piece> waiting)
      throws IOException, InterruptedException {
    while (!closed) {
      Piece piece = waiting.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      if (piece == null) {
        continue;
      }
      long left = piece.dueNanos() - nanos.getAsLong();
      if (left > 0) {
        TimeUnit.NANOSECONDS.sleep(left);
      }
      link.awaitOpen(this);
      if (closed) {
        return;
      }
      target.write(piece.bytes(), 0, piece.length());
    }
  }

  void close() {
    closed = true;
    quietly(client);
    quietly(server);
  }

  private static void quietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException already) {
      return; // closing is all that was wanted
    }
  }
}
