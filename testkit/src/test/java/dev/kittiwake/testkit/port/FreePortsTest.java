package dev.kittiwake.testkit.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class FreePortsTest {
  @Test
  void allDifferAndCanBeListenedOn() throws IOException {
    List<Integer> ports = FreePorts.take(20);
    assertEquals(20, new TreeSet<>(ports).size());
    for (int port : ports) {
      assertTrue(port >= FreePorts.FIRST && port <= FreePorts.LAST, "port " + port);
    }
  }

  @Test
  void aPortThatIsTakenIsNotOffered() throws IOException {
    int first = FreePorts.take(1, new SplittableRandom(1)).get(0);
    try (ServerSocket taken = new ServerSocket(first, 1, InetAddress.getByName("127.0.0.1"))) {
      assertFalse(FreePorts.take(5, new SplittableRandom(1)).contains(taken.getLocalPort()));
    }
  }
}
