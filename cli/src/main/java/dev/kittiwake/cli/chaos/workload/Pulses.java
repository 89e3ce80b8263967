package dev.kittiwake.cli.chaos.workload;

import dev.kittiwake.cli.chaos.process.Stopwatch;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.error.KvException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;

/**
 * One small request after the other to each of some regions, to see how long a client waits after
 * the leader was killed: the time from the kill to the first answer to a request that was made
 * after it. Thread-safe.
 */
public final class Pulses {
  private static final long BETWEEN_MILLIS = 40;

  private final Stopwatch time;
  private final List<Pulse> pulses = new ArrayList<>();
  private final List<Long> waits = new ArrayList<>(); // guarded by itself
  private volatile boolean stopped;

  public Pulses(Stopwatch time) {
    this.time = time;
  }

  /** What one pulse asks for. */
  public interface Request {
    void send(ClusterClient client);
  }

  /** One pulse and the kills that it has not got over. */
  private static final class Pulse {
    private final String place;
    private final Request request;
    private final List<Long> openKills = new ArrayList<>(); // guarded by this

    Pulse(String place, Request request) {
      this.place = place;
      this.request = request;
    }
  }

  /**
   * Adds a pulse before the start.
   *
   * @param place a stored key of its region, hexadecimal
   */
  public void add(String place, Request request) {
    pulses.add(new Pulse(place, request));
  }

  /** The stored keys, hexadecimal, that the pulses ask for. */
  public List<String> places() {
    return pulses.stream().map(pulse -> pulse.place).toList();
  }

  public void start(ExecutorService threads, ClusterClient client) {
    pulses.forEach(pulse -> threads.submit(() -> beat(pulse, client)));
  }

  private void beat(Pulse pulse, ClusterClient client) {
    try {
      while (!stopped) {
        long begun = time.millis();
        try {
          pulse.request.send(client);
          answered(pulse, begun);
        } catch (KvException away) {
          time.pause(BETWEEN_MILLIS); // the kill stays open: the wait goes on
        }
        time.pause(BETWEEN_MILLIS);
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private void answered(Pulse pulse, long begun) {
    long now = time.millis();
    synchronized (pulse) {
      pulse.openKills.removeIf(
          killed -> {
            if (killed >= begun) {
              return false;
            }
            synchronized (waits) {
              waits.add(now - killed);
            }
            return true;
          });
    }
  }

  /**
   * The leader of the region with this place was killed.
   *
   * @param atMillis when, on the stopwatch
   */
  public void killed(String place, long atMillis) {
    for (Pulse pulse : pulses) {
      if (pulse.place.equals(place)) {
        synchronized (pulse) {
          pulse.openKills.add(atMillis);
        }
      }
    }
  }

  /** Whether some region has not answered since its leader was killed. */
  public boolean waiting() {
    for (Pulse pulse : pulses) {
      synchronized (pulse) {
        if (!pulse.openKills.isEmpty()) {
          return true;
        }
      }
    }
    return false;
  }

  /** How long clients waited, in milliseconds, one for each region and kill of its leader. */
  public List<Long> waits() {
    synchronized (waits) {
      return List.copyOf(waits);
    }
  }

  public void stop() {
    stopped = true;
  }
}
