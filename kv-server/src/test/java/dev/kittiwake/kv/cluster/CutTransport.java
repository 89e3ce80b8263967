package dev.kittiwake.kv.cluster;

import dev.kittiwake.kv.transport.Envelope;
import dev.kittiwake.kv.transport.OutgoingSnapshot;
import dev.kittiwake.kv.transport.RaftTransport;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A transport between stores of which some are cut off from all others.
 *
 * @param lost what else does not arrive
 */
record CutTransport(RaftTransport way, long from, Set<Long> cutOff, Predicate<Envelope> lost)
    implements RaftTransport {
  @Override
  public void send(Envelope envelope) {
    if (!isCut(envelope)) {
      way.send(envelope);
    }
  }

  private boolean isCut(Envelope envelope) {
    return cutOff.contains(from)
        || cutOff.contains(envelope.to().getStoreId())
        || lost.test(envelope);
  }

  @Override
  public void flush() {
    way.flush();
  }

  @Override
  public void sendSnapshot(OutgoingSnapshot snapshot, Consumer<Boolean> done) {
    if (isCut(snapshot.announcement())) {
      snapshot.data().close();
      done.accept(false);
    } else {
      way.sendSnapshot(snapshot, done);
    }
  }

  @Override
  public void close() {
    way.close();
  }
}
