package dev.kittiwake.cli.chaos.fault;

import dev.kittiwake.cli.chaos.network.Network;
import dev.kittiwake.cli.chaos.process.Node;
import dev.kittiwake.cli.chaos.process.ProcessCluster;
import java.io.IOException;

/** Where faults strike. */
public interface Arena {
  ProcessCluster cluster();

  /** The node of that name. */
  default Node node(String name) {
    return cluster().nodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no node " + name));
  }

  /** The network, which is there if network faults are among the planned ones. */
  default Network network() {
    return cluster()
        .network()
        .orElseThrow(() -> new IllegalStateException("the cluster has no gates"));
  }

  /** Lets a harm last; returns early when the run is to end. */
  void hold(long millis) throws InterruptedException;

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
