package dev.kittiwake.pd.placement;

import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.metapb.StoreLabel;
import java.util.List;

/**
 * How far apart stores are. Of two stores counts the widest label in which they differ: a different
 * zone is worth a hundred times a different rack. A label that is not set differs from none: what
 * is not known is not relied on.
 */
public final class Isolation {
  private static final double LEVEL = 100;

  private Isolation() {}

  /** The value, empty if there is none. */
  public static String label(Store store, String key) {
    for (StoreLabel label : store.getLabelsList()) {
      if (label.getKey().equalsIgnoreCase(key)) {
        return label.getValue();
      }
    }
    return "";
  }

  /** Position of the widest label in which they differ; {@code labels.size()} if in none. */
  public static int level(Store one, Store other, List<String> labels) {
    for (int i = 0; i < labels.size(); i++) {
      String a = label(one, labels.get(i));
      String b = label(other, labels.get(i));
      if (!a.isEmpty() && !b.isEmpty() && !a.equals(b)) {
        return i;
      }
    }
    return labels.size();
  }

  /** Of one store among others. */
  public static double score(Store store, List<Store> others, List<String> labels) {
    double score = 0;
    for (Store other : others) {
      int level = level(store, other, labels);
      score += level == labels.size() ? 0 : Math.pow(LEVEL, labels.size() - level - 1);
    }
    return score;
  }

  /** Of all pairs. */
  public static double score(List<Store> stores, List<String> labels) {
    double score = 0;
    for (int i = 1; i < stores.size(); i++) {
      score += score(stores.get(i), stores.subList(0, i), labels);
    }
    return score;
  }

  /** The best that {@code count} stores can reach. */
  public static double best(int count, List<String> labels) {
    return labels.isEmpty() ? 0 : count * (count - 1) / 2.0 * Math.pow(LEVEL, labels.size() - 1);
  }

  /** Whether the store differs from all others in {@code level} or in a wider label. */
  public static boolean isApart(
      Store store, List<Store> others, List<String> labels, String level) {
    int wanted = labels.indexOf(level);
    if (wanted < 0) {
      return true;
    }
    for (Store other : others) {
      if (level(store, other, labels) > wanted) {
        return false;
      }
    }
    return true;
  }
}
