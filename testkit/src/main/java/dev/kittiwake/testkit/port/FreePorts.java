package dev.kittiwake.testkit.port;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Ports of the loopback interface that nobody listens on. They lie below those that the usual
 * system gives to outgoing connections: whoever looks in vain for a server that is down would now
 * and then be given the server's own port, and keep the server from starting again.
 */
public final class FreePorts {
  static final int FIRST = 21_000;
  static final int LAST = 32_000;
  private static final int TRIES = 1_000;

  private FreePorts() {}

  /**
   * So many different ones, anywhere in the range, as others take ports at the same time.
   *
   * @throws IOException if there are none
   */
  public static List<Integer> take(int count) throws IOException {
    return take(count, new SplittableRandom());
  }

  static List<Integer> take(int count, RandomGenerator random) throws IOException {
    Set<Integer> ports = new LinkedHashSet<>();
    for (int tries = 0; ports.size() < count; tries++) {
      int port = FIRST + random.nextInt(LAST - FIRST + 1);
      if (isFree(port)) {
        ports.add(port);
      } else if (tries >= TRIES) {
        throw new IOException("no free port on 127.0.0.1 between " + FIRST + " and " + LAST);
      }
    }
    return List.copyOf(ports);
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 1);
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
