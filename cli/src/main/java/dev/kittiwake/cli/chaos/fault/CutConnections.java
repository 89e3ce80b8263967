package dev.kittiwake.cli.chaos.fault;

import dev.kittiwake.cli.chaos.network.Network;
import dev.kittiwake.cli.chaos.process.Node;
import java.io.IOException;
import java.util.random.RandomGenerator;

/** All connections of one node break, several times in a row, wherever bytes happen to be. */
record CutConnections(String node, int times) implements Fault {
  private static final long BETWEEN_MILLIS = 300;

  static Fault draw(RandomGenerator random, int stores, boolean brisk) {
    return new CutConnections(Draw.node(random, stores), 1 + random.nextInt(10));
  }

  @Override
  public FaultKind kind() {
    return FaultKind.CUT_CONNECTIONS;
  }

  @Override
  public String describe() {
    return "connections of " + node + " cut " + times + " times";
  }

  @Override
  public void strike(Arena arena) throws IOException, InterruptedException {
    Network network = arena.network();
    for (int time = 0; time < times; time++) {
      for (Node other : arena.cluster().nodes()) {
        if (!other.name().equals(node)) {
          network.cut(node, other.name());
        }
      }
      network.cut(node, Network.CLIENT);
      arena.hold(BETWEEN_MILLIS);
    }
  }
}
