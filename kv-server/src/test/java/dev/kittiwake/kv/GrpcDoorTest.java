package dev.kittiwake.kv;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A door in front of real sockets. */
class GrpcDoorTest {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final byte[] NO_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};
  private static final int DEADLINE_MILLIS = 30_000;

  /** A machine that has lost its power sends no end of its connections, and no answer either. */
  @Test
  void whoGivesNoSignOfLifeIsCutOff() throws IOException {
    GrpcDoor.Silence silence = new GrpcDoor.Silence(50, 50);
    try (GrpcDoor door = GrpcDoor.open("127.0.0.1:0", List.of(), silence);
        Socket mute = new Socket("127.0.0.1", port(door))) {
      mute.setSoTimeout(DEADLINE_MILLIS);
      mute.getOutputStream().write(PREFACE.getBytes(US_ASCII));
      mute.getOutputStream().write(NO_SETTINGS);
      assertTrue(ends(mute.getInputStream()));
    }
  }

  private static int port(GrpcDoor door) {
    return Integer.parseInt(door.address().substring(door.address().lastIndexOf(':') + 1));
  }

  /** Reads whatever comes, and answers nothing; a timeout is an exception. */
  private static boolean ends(InputStream in) throws IOException {
    try {
      while (in.read() >= 0) {
        // Settings, questions for a sign of life, a good-bye.
      }
      return true;
    } catch (SocketException reset) {
      return true;
    }
  }
}
