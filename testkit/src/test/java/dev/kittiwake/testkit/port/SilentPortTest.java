package dev.kittiwake.testkit.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class SilentPortTest {
  @Test
  void aSilentPortRefusesAndIsTaken() throws IOException {
    try (SilentPort port = SilentPort.take()) {
      assertEquals("127.0.0.1:" + port.number(), port.address());
      assertThrows(ConnectException.class, () -> new Socket("127.0.0.1", port.number()).close());
      assertThrows(
          IOException.class,
          () -> new ServerSocket(port.number(), 1, InetAddress.getByName("127.0.0.1")).close());
    }
  }
}
