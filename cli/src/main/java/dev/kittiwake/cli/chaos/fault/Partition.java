package dev.kittiwake.cli.chaos.fault;

import dev.kittiwake.cli.chaos.network.Network;
import dev.kittiwake.cli.chaos.process.Node;
import java.io.IOException;
import java.util.random.RandomGenerator;

/**
 * One node is cut off from the others.
 *
 * @param clientsToo whether clients do not reach it either
 * @param reset whether connections break when it ends; else what was held back arrives late
 */
record Partition(String node, boolean clientsToo, boolean reset, long millis) implements Fault {
  static Fault draw(RandomGenerator random, int stores, boolean brisk) {
    return new Partition(
        Draw.node(random, stores),
        random.nextBoolean(),
        random.nextBoolean(),
        Draw.millis(random, 1_000, brisk ? 5_000 : 15_000));
  }

  @Override
  public FaultKind kind() {
    return FaultKind.PARTITION;
  }

  @Override
  public String describe() {
    return node
        + " cut off from the others"
        + (clientsToo ? " and from clients" : "")
        + " for "
        + Draw.seconds(millis)
        + (reset ? ", connections lost" : "");
  }

  @Override
  public void strike(Arena arena) throws IOException, InterruptedException {
    Network network = arena.network();
    try {
      for (Node other : arena.cluster().nodes()) {
        separate(network, other.name());
      }
      if (clientsToo) {
        separate(network, Network.CLIENT);
      }
      arena.hold(millis);
      if (reset) {
        arena.cluster().nodes().forEach(other -> network.cut(node, other.name()));
        network.cut(node, Network.CLIENT);
      }
    } finally {
      network.heal();
    }
  }

  private void separate(Network network, String other) {
    if (!other.equals(node)) {
      network.block(node, other);
      network.block(other, node);
    }
  }
}
