package dev.kittiwake.pd.peer;

import dev.kittiwake.proto.pdstore.JoinRequest;
import dev.kittiwake.proto.pdstore.JoinResponse;
import dev.kittiwake.proto.pdstore.MemberRecord;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks the members of a group, one after the other, to let a newcomer in. */
public final class Joining {
  private static final int ROUNDS = 20;
  private static final long PAUSE_MILLIS = 500;
  private static final long ANSWER_SECONDS = 15;

  private Joining() {}

  /** The group does not let the newcomer in, or does not answer; the message is for the user. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /**
   * Blocks until the group has answered; tries for about ten seconds.
   *
   * @param addresses host:port of members, any of them
   * @throws Refused if it does not take the newcomer
   */
  public static JoinResponse ask(GrpcPeers peers, List<String> addresses, MemberRecord newcomer) {
    JoinRequest request = JoinRequest.newBuilder().setVersion(1).setMember(newcomer).build();
    String last = "no answer";
    for (int round = 0; round < ROUNDS; round++) {
      for (String address : addresses) {
        try {
          return peers.join("http://" + address, request).get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
          Status status = Status.fromThrowable(e);
          if (status.getCode() == Status.Code.ALREADY_EXISTS
              || status.getCode() == Status.Code.INVALID_ARGUMENT) {
            throw new Refused("cannot join at " + address + ": " + status.getDescription());
          }
          last = address + ": " + status.getCode() + " " + status.getDescription();
        } catch (TimeoutException e) {
          last = address + ": no answer in " + ANSWER_SECONDS + " s";
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new Refused("interrupted while joining at " + address);
        }
      }
      pause();
    }
    throw new Refused(
        "cannot join: no member of the group let us in ("
            + last
            + "): check the addresses after --join, and that most members run");
  }

  private static void pause() {
    try {
      // nobody counts down: a pause that can be interrupted
      if (new CountDownLatch(1).await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("a latch opened by itself");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused("interrupted while joining");
    }
  }
}
