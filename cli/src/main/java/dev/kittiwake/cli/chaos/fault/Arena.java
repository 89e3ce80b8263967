package dev.kittiwake.cli.chaos.fault;

import dev.kittiwake.cli.chaos.network.Network;
import dev.kittiwake.cli.chaos.process.Node;
import dev.kittiwake.cli.chaos.process.ProcessCluster;
import java.io.IOException;
import java.util.concurrent.Callable;

/** Where faults strike. */
public interface Arena {
  ProcessCluster cluster();

  /** The node of that name; a store that was drained is stood in for by another. */
  default Node node(String name) {
    Node node = name.equals(cluster().pd().name()) ? cluster().pd() : cluster().store(name);
    if (!node.name().equals(name)) {
      note(name + " is away, " + node.name() + " stands in");
    }
    return node;
  }

  /** The network, which is there if network faults are among the planned ones. */
  default Network network() {
    return cluster()
        .network()
        .orElseThrow(() -> new IllegalStateException("the cluster has no gates"));
  }

  /** Lets a harm last; returns early when the run is to end. */
  void hold(long millis) throws InterruptedException;

  /**
   * Looks again and again whether something has come true; false if it does not in time. True as
   * well if the run is to end. What does not answer meanwhile is asked again.
   */
  boolean comesTrue(long patienceMillis, Callable<Boolean> condition) throws InterruptedException;

  /** Kills a store, and has the clients measure how long they wait for its leaders. */
  void killLeaders(Node store) throws IOException, InterruptedException;

  /** Milliseconds since the start of the run. */
  long millis();

  /** That long after its disk hung a store led nothing any more that was written to. */
  void leadersLeft(long afterMillis);

  /** Starts what does not run and waits until it is ready. */
  void startAll() throws IOException, InterruptedException;

  /** Something worth a line in the timeline. */
  void note(String text);

  /** A promise that was broken, found while striking. */
  void violation(String promise, String what);
}
