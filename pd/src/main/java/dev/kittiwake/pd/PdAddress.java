package dev.kittiwake.pd;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;

/** Where a member listens, and how others are told. */
final class PdAddress {
  private PdAddress() {}

  /** Where a member is reached; decided before it starts, because it tells others. */
  static String url(PdConfig config, Optional<InetSocketAddress> bound) {
    Optional<String> told =
        config
            .advertise()
            .or(() -> Optional.ofNullable(config.group().founders().get(config.name())));
    if (told.isPresent()) {
      String url = told.get();
      return url.contains("://") ? url : "http://" + url;
    }
    if (bound.isEmpty()) {
      return "http://127.0.0.1:" + PdConfig.DEFAULT_PORT;
    }
    String host = bound.get().getHostString();
    boolean isWildcard = host.equals("0.0.0.0") || host.equals("::") || host.isEmpty();
    return "http://" + (isWildcard ? "127.0.0.1" : host) + ":" + bound.get().getPort();
  }

  /** The port is chosen first: a port of 0 must be known before the member tells it to others. */
  static InetSocketAddress boundTo(String listen) {
    InetSocketAddress wanted = address(listen);
    int port = wanted.getPort() != 0 ? wanted.getPort() : freePort(wanted);
    return new InetSocketAddress(wanted.getHostString(), port);
  }

  private static int freePort(InetSocketAddress wanted) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(wanted);
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new PdStartException("no free port on " + wanted.getHostString() + ": " + e, e);
    }
  }

  static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage();
  }

  private static InetSocketAddress address(String listen) {
    int colon = listen.lastIndexOf(':');
    try {
      String host = colon <= 0 ? "127.0.0.1" : listen.substring(0, colon);
      int port = Integer.parseInt(listen.substring(colon + 1));
      return new InetSocketAddress(host.replace("[", "").replace("]", ""), port);
    } catch (IllegalArgumentException e) {
      throw new PdStartException(
          "listen = \"" + listen + "\" must be host:port, for example 127.0.0.1:2379", e);
    }
  }
}
