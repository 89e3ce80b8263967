package dev.kittiwake.client.rpc;

import dev.kittiwake.client.error.KvException;
import java.net.URI;
import java.net.URISyntaxException;

/** Addresses as users and servers write them. Pure. */
public final class Addresses {
  private Addresses() {}

  /**
   * {@code host:port} of {@code host:port} or {@code http://host:port}.
   *
   * @throws KvException if it is neither, or has no port
   */
  public static String normalized(String address) {
    String plain = address.trim();
    URI uri;
    try {
      uri = new URI(plain.contains("://") ? plain : "http://" + plain);
    } catch (URISyntaxException e) {
      throw invalid(address);
    }
    if (uri.getHost() == null || uri.getPort() < 1 || uri.getPort() > 65_535) {
      throw invalid(address);
    }
    return uri.getHost() + ":" + uri.getPort();
  }

  static String host(String normalized) {
    String host = normalized.substring(0, normalized.lastIndexOf(':'));
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  static int port(String normalized) {
    return Integer.parseInt(normalized.substring(normalized.lastIndexOf(':') + 1));
  }

  private static KvException invalid(String address) {
    return new KvException("'" + address + "' is not an address; expected host:port");
  }
}
