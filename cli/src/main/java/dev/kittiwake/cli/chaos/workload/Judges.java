package dev.kittiwake.cli.chaos.workload;

import java.util.List;
import java.util.Map;

/** Which judges look at which load's history. */
public final class Judges {
  private static final Map<String, List<NamedJudge>> OF_LOADS = Map.of();

  private Judges() {}

  public static List<NamedJudge> of(Load load) {
    return OF_LOADS.getOrDefault(load.name(), List.of());
  }
}
