package dev.kittiwake.pd.cluster;

import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open region heartbeat streams. A stream is bound to the store of the leaders that report on
 * it; the newest binding counts. Confined to the loop.
 */
public final class RegionStreams {
  private static final Logger log = LoggerFactory.getLogger(RegionStreams.class);

  /**
   * One open stream.
   *
   * @param responses receives what is pushed
   * @param closed is told why the stream ends
   */
  public record Stream(Consumer<RegionHeartbeatResponse> responses, Consumer<Throwable> closed) {}

  private final Map<Long, Stream> byStore = new TreeMap<>();
  private final Set<Stream> open = new LinkedHashSet<>();

  void bind(long storeId, Stream stream) {
    open.add(stream);
    byStore.put(storeId, stream);
  }

  public void remove(Stream stream) {
    open.remove(stream);
    byStore.values().removeIf(bound -> bound == stream);
  }

  /**
   * Whether there was a stream that took it. A store that is just ending may refuse: that is its
   * affair, not this member's. The next report on the stream binds it again.
   */
  boolean push(long storeId, RegionHeartbeatResponse message) {
    Stream stream = byStore.get(storeId);
    if (stream == null) {
      return false;
    }
    try {
      stream.responses().accept(message);
      return true;
    } catch (RuntimeException refused) {
      log.info("event=push_refused store={} reason={}", storeId, refused.toString());
      byStore.remove(storeId, stream);
      return false;
    }
  }

  /** Ends all streams: their owners look for the leader and open new ones. */
  void closeAll(Throwable cause) {
    Set<Stream> ended = new LinkedHashSet<>(open);
    open.clear();
    byStore.clear();
    ended.forEach(stream -> stream.closed().accept(cause));
  }
}
