package dev.kittiwake.cli.chaos.fault;

import dev.kittiwake.cli.chaos.network.Network;
import dev.kittiwake.cli.chaos.process.Node;
import java.io.IOException;
import java.util.random.RandomGenerator;

/**
 * One node is heard and hears nobody, or the other way round.
 *
 * @param deaf whether it hears nobody; else nobody hears it
 */
record OneWay(String node, boolean deaf, long millis) implements Fault {
  static Fault draw(RandomGenerator random, int stores, boolean brisk) {
    return new OneWay(
        Draw.store(random, stores),
        random.nextBoolean(),
        Draw.millis(random, 1_000, brisk ? 5_000 : 15_000));
  }

  @Override
  public FaultKind kind() {
    return FaultKind.ONE_WAY;
  }

  @Override
  public String describe() {
    return node
        + (deaf ? " hears no other node" : " is heard by no other node")
        + " for "
        + Draw.seconds(millis);
  }

  @Override
  public void strike(Arena arena) throws IOException, InterruptedException {
    Network network = arena.network();
    try {
      for (Node other : arena.cluster().nodes()) {
        if (!other.name().equals(node)) {
          network.block(deaf ? other.name() : node, deaf ? node : other.name());
        }
      }
      arena.hold(millis);
    } finally {
      network.heal();
    }
  }
}
