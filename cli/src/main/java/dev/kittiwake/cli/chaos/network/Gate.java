package dev.kittiwake.cli.chaos.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** The port under which others reach one server. */
public final class Gate implements AutoCloseable {
  private static final int BACKLOG = 128;
  private static final int CONNECT_MILLIS = 2_000;

  private final Network network;
  private final String node;
  private final int behind;
  private final ServerSocket door;

  Gate(Network network, String node, int behind) throws IOException {
    this.network = network;
    this.node = node;
    this.behind = behind;
    this.door = new ServerSocket(0, BACKLOG, InetAddress.getByName("127.0.0.1"));
  }

  /** The port to be advertised. */
  public int port() {
    return door.getLocalPort();
  }

  void serve() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        network.threads().execute(() -> connect(client));
      } catch (IOException closed) {
        return; // the door is shut at the end of the run, and only then
      }
    }
  }

  private void connect(Socket client) {
    Socket server = new Socket();
    try {
      client.setTcpNoDelay(true);
      String from = network.owner(client.getPort());
      server.connect(new InetSocketAddress("127.0.0.1", behind), CONNECT_MILLIS);
      server.setTcpNoDelay(true);
      network.connected(new Connection(from, node, client, server, network.nanos()), from, node);
    } catch (IOException refused) {
      new Connection("", node, client, server, network.nanos())
          .close(); // as the server itself would refuse
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
  }
}
