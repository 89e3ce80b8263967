package dev.kittiwake.cli.chaos.fault;

import dev.kittiwake.cli.chaos.network.Network;
import dev.kittiwake.cli.chaos.process.Node;
import java.io.IOException;
import java.util.random.RandomGenerator;

/** Everything to and from one node arrives later. */
record SlowNetwork(String node, int delayMillis, long millis) implements Fault {
  static Fault draw(RandomGenerator random, int stores, boolean brisk) {
    return new SlowNetwork(
        Draw.node(random, stores),
        20 + random.nextInt(480),
        Draw.millis(random, 2_000, brisk ? 5_000 : 15_000));
  }

  @Override
  public FaultKind kind() {
    return FaultKind.SLOW_NETWORK;
  }

  @Override
  public String describe() {
    return "network of " + node + " " + delayMillis + " ms slower for " + Draw.seconds(millis);
  }

  @Override
  public void strike(Arena arena) throws IOException, InterruptedException {
    Network network = arena.network();
    try {
      for (Node other : arena.cluster().nodes()) {
        slow(network, other.name());
      }
      slow(network, Network.CLIENT);
      arena.hold(millis);
    } finally {
      network.heal();
    }
  }

  private void slow(Network network, String other) {
    if (!other.equals(node)) {
      network.delay(node, other, delayMillis);
      network.delay(other, node, delayMillis);
    }
  }
}
