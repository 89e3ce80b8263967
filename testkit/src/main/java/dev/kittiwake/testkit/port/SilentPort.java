package dev.kittiwake.testkit.port;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of this machine where nobody answers, until it is closed: it is taken, and not listened
 * to, so connections to it are refused. A port that was merely free a moment ago may have a
 * listener by now.
 */
public final class SilentPort implements AutoCloseable {
  private final Socket holder;

  private SilentPort(Socket holder) {
    this.holder = holder;
  }

  public static SilentPort take() throws IOException {
    Socket holder = new Socket();
    holder.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
    return new SilentPort(holder);
  }

  public int number() {
    return holder.getLocalPort();
  }

  /** As {@code 127.0.0.1:PORT}. */
  public String address() {
    return "127.0.0.1:" + number();
  }

  @Override
  public void close() throws IOException {
    holder.close();
  }
}
