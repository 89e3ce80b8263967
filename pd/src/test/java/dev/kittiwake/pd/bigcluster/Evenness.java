package dev.kittiwake.pd.bigcluster;

import dev.kittiwake.pd.hot.Dimension;
import dev.kittiwake.pd.hot.StoreHeat;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * How far the stores are from having the same: the largest distance from the mean, as a part of the
 * mean.
 */
record Evenness(double leaders, double regions, double reads, double writes) {
  static Evenness of(BigCluster cluster) {
    List<Long> stores = cluster.serving();
    return new Evenness(
        spread(stores, id -> cluster.tree().leadersOn(id).size()),
        spread(stores, id -> cluster.tree().on(id).replicaMiB()),
        spread(stores, id -> heat(cluster, id).reads(Dimension.BYTES)),
        spread(stores, id -> heat(cluster, id).writes(Dimension.BYTES)));
  }

  private static StoreHeat heat(BigCluster cluster, long id) {
    return cluster.coordinator().cluster().hot().store(id);
  }

  private static double spread(List<Long> stores, ToDoubleFunction<Long> amount) {
    double mean = stores.stream().mapToDouble(amount).average().orElse(0);
    return mean == 0
        ? 0
        : stores.stream()
            .mapToDouble(id -> Math.abs(amount.applyAsDouble(id) - mean) / mean)
            .max()
            .orElse(0);
  }

  boolean isWithin(double part) {
    return leaders <= part && regions <= part && reads <= part && writes <= part;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "leaders %.1f %%, regions %.1f %%, reads %.1f %%, writes %.1f %%",
        leaders * 100,
        regions * 100,
        reads * 100,
        writes * 100);
  }
}
