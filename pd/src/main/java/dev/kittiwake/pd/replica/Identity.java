package dev.kittiwake.pd.replica;

import dev.kittiwake.proto.pdstore.MemberRecord;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Who a member is, for as long as its data lives.
 *
 * @param memberId unique in the cluster for ever; 0: the cluster has not been asked yet
 * @param name empty in directories of the first format, which did not keep it
 * @param incarnation drawn when the data was begun; 0: not drawn. The same member with another
 *     incarnation has lost its data
 * @param founding fingerprint of the list of first members, 0 without one
 * @param clusterId what the cluster told when it let this member join, or 0
 * @param joined came later: its first state is a snapshot from the others
 * @param founders the first members, {@code host:port} by name, if it is one of several. A log that
 *     begins with them means nothing without them. Empty in directories of the second format, which
 *     kept {@code founding} only
 */
public record Identity(
    long memberId,
    String name,
    long incarnation,
    long founding,
    long clusterId,
    boolean joined,
    SortedMap<String, String> founders) {
  public Identity {
    founders = Collections.unmodifiableSortedMap(new TreeMap<>(founders));
  }

  private static final SortedMap<String, String> NOBODY = new TreeMap<>();

  /** A first member. Ids follow from the order of the names, so that all members agree on them. */
  public static Identity founder(String name, SortedMap<String, String> founders, long drawn) {
    long id = 1 + founders.headMap(name).size();
    return new Identity(id, name, drawn, fingerprint(founders), 0, false, founders);
  }

  /** The only member of a new group. */
  public static Identity alone(long memberId, String name, long drawn) {
    return new Identity(memberId, name, drawn, 0, 0, false, NOBODY);
  }

  /** Not yet a member: the cluster gives the id. */
  public static Identity newcomer(String name, long drawn) {
    return new Identity(0, name, drawn, 0, 0, true, NOBODY);
  }

  public Identity admitted(long id, long foundingOfGroup, long cluster) {
    return new Identity(id, name, incarnation, foundingOfGroup, cluster, true, NOBODY);
  }

  /** Whether this is the list of its group: then it can be kept with the rest. */
  public boolean wasFoundedBy(SortedMap<String, String> list) {
    return !list.isEmpty() && fingerprint(list) == founding;
  }

  public Identity foundedBy(SortedMap<String, String> list) {
    return new Identity(memberId, name, incarnation, founding, clusterId, joined, list);
  }

  public MemberRecord record(String url) {
    return record(name, url);
  }

  public MemberRecord record(String nameNow, String url) {
    return MemberRecord.newBuilder()
        .setId(memberId)
        .setName(nameNow)
        .addClientUrls(url)
        .addPeerUrls(url)
        .setIncarnation(incarnation)
        .build();
  }

  private static long fingerprint(SortedMap<String, String> founders) {
    CRC32C crc = new CRC32C();
    for (Map.Entry<String, String> founder : founders.entrySet()) {
      crc.update(
          (founder.getKey() + "=" + founder.getValue() + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return crc.getValue() + 1; // never 0
  }
}
