package dev.kittiwake.cli.chaos.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kittiwake.testkit.port.SilentPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gates between an echo server, which is the node "kv1", and this process. */
class NetworkTest {
  private static final int PATIENCE_MILLIS = 120_000;
  private static final int NOTHING_COMES_MILLIS = 300;

  private final ExecutorService echoes = Executors.newCachedThreadPool();
  private Network network;
  private ServerSocket server;
  private Gate gate;

  @BeforeEach
  void open() throws IOException {
    network = new Network(Executors.newCachedThreadPool(), System::nanoTime);
    server = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
    echoes.execute(this::serve);
    gate = network.gate("kv1", server.getLocalPort());
  }

  @AfterEach
  void close() throws IOException {
    network.close();
    server.close();
    echoes.shutdownNow();
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        echoes.execute(() -> echo(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void echo(Socket client) {
    try (client) {
      client.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException cut) {
      return; // what the tests do to it
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", gate.port());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private static int exchange(Socket socket, int what) throws IOException {
    socket.getOutputStream().write(what);
    return socket.getInputStream().read();
  }

  @Test
  void anOpenGatePassesBothWays() throws IOException {
    try (Socket socket = connect()) {
      assertEquals(7, exchange(socket, 7));
      assertEquals(8, exchange(socket, 8));
    }
  }

  @Test
  void aBlockedDirectionHoldsBackAndDeliversLate() throws IOException {
    try (Socket socket = connect()) {
      assertEquals(1, exchange(socket, 1));
      network.block("kv1", Network.CLIENT); // the answers only
      socket.getOutputStream().write(2);
      socket.setSoTimeout(NOTHING_COMES_MILLIS);
      assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
      network.heal();
      socket.setSoTimeout(PATIENCE_MILLIS);
      assertEquals(2, socket.getInputStream().read());
    }
  }

  @Test
  void aCutConnectionEndsAndANewOneWorks() throws IOException {
    try (Socket socket = connect()) {
      assertEquals(1, exchange(socket, 1));
      network.cut("kv1", Network.CLIENT);
      assertEquals(-1, ended(socket));
    }
    try (Socket again = connect()) {
      assertEquals(3, exchange(again, 3));
    }
  }

  private static int ended(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read();
    } catch (SocketException reset) {
      return -1;
    }
  }

  @Test
  void whoConnectsIsKnownByHisProcess() throws IOException {
    assumeTrue(Files.isReadable(Path.of("/proc/net/tcp")), "needs /proc");
    network.node("kv2", () -> ProcessHandle.current().pid()); // this very process
    network.block("kv2", "kv1");
    try (Socket socket = connect()) {
      socket.getOutputStream().write(5);
      socket.setSoTimeout(NOTHING_COMES_MILLIS);
      assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
      network.heal();
      socket.setSoTimeout(PATIENCE_MILLIS);
      assertEquals(5, socket.getInputStream().read());
    }
  }

  @Test
  void aServerThatIsNotThereRefusesThroughTheGateToo() throws IOException {
    try (SilentPort nobody = SilentPort.take();
        Socket socket = new Socket("127.0.0.1", network.gate("kv9", nobody.number()).port())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      assertTrue(ended(socket) < 0);
    }
  }
}
