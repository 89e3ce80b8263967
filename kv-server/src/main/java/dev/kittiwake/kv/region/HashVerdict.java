package dev.kittiwake.kv.region;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What follows from the hashes that the replicas of a region have computed over their data as of
 * one index. Most of all members must agree before one that differs is taken for the damaged one.
 *
 * @param hashes by peer; those that did not answer are missing
 * @param damaged peers whose hash is not the one that most have
 */
public record HashVerdict(
    long regionId, long index, Map<Long, Long> hashes, Conclusion conclusion, Set<Long> damaged) {
  /** In one word. */
  public enum Conclusion {
    /** All members have the same data. */
    SAME,
    /** Those that answered have the same data; the others did not answer, or could not tell. */
    INCOMPLETE,
    /** Most have the same data, {@link #damaged} have other. */
    DIVERGED,
    /** Some differ, and no majority tells who is right. */
    UNDECIDED,
    /** It was not looked: this store does not lead the region, or it changed meanwhile. */
    NOT_DONE
  }

  static HashVerdict notDone(long regionId) {
    return new HashVerdict(regionId, 0, Map.of(), Conclusion.NOT_DONE, Set.of());
  }

  /**
   * @param members all peers that have data
   */
  static HashVerdict of(long regionId, long index, Map<Long, Long> hashes, Set<Long> members) {
    Map<Long, Integer> votes = new LinkedHashMap<>();
    hashes.values().forEach(hash -> votes.merge(hash, 1, Integer::sum));
    Map<Long, Long> said = new TreeMap<>(hashes);
    if (votes.size() <= 1) {
      boolean all = hashes.keySet().containsAll(members);
      Conclusion conclusion = all ? Conclusion.SAME : Conclusion.INCOMPLETE;
      return new HashVerdict(regionId, index, said, conclusion, Set.of());
    }
    for (Map.Entry<Long, Integer> vote : votes.entrySet()) {
      if (2 * vote.getValue() > members.size()) {
        Set<Long> others =
            hashes.entrySet().stream()
                .filter(one -> !one.getValue().equals(vote.getKey()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
        return new HashVerdict(regionId, index, said, Conclusion.DIVERGED, others);
      }
    }
    return new HashVerdict(regionId, index, said, Conclusion.UNDECIDED, Set.of());
  }
}
