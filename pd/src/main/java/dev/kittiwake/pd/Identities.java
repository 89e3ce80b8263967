package dev.kittiwake.pd;

import dev.kittiwake.pd.replica.Identity;
import dev.kittiwake.pd.replica.PdStorage;
import dev.kittiwake.pd.replica.PdStorageException;
import dev.kittiwake.proto.pdstore.JoinResponse;
import dev.kittiwake.proto.pdstore.MemberRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Who a member is: what its data says, or else what its configuration says. */
final class Identities {
  private Identities() {}

  /** Asks a group to let somebody in; blocks until it has answered. */
  interface Admission {
    /**
     * @throws PdStartException if the group refuses, or nobody answers
     */
    JoinResponse ask(MemberRecord newcomer);
  }

  /**
   * @param url under which others reach this member
   * @throws PdStorageException if the data belongs to another member
   */
  static Identity of(
      PdConfig config, PdStorage storage, RandomGenerator random, String url, Admission admission) {
    Optional<Identity> kept = storage.identity();
    Identity identity = kept.orElseGet(() -> fresh(config, random));
    check(config, identity, kept.isPresent());
    if (kept.isEmpty()) {
      storage.keepIdentity(identity);
    } else if (identity.founding() != 0 && !identity.joined() && identity.founders().isEmpty()) {
      identity = withList(config, identity, storage);
    }
    if (identity.memberId() == 0) {
      JoinResponse admitted = admission.ask(identity.record(url));
      identity =
          identity.admitted(
              admitted.getMemberId(), admitted.getFounding(), admitted.getClusterId());
      storage.keepIdentity(identity);
    }
    return identity;
  }

  /** One of several members keeps the name that it began with, also if it is not said again. */
  static String name(PdConfig config, Identity identity) {
    boolean isOneOfSeveral = identity.joined() || identity.founding() != 0;
    return isOneOfSeveral && config.group().equals(PdConfig.Group.ALONE)
        ? identity.name()
        : config.name();
  }

  private static Identity fresh(PdConfig config, RandomGenerator random) {
    long drawn = random.nextLong() | 1; // never 0
    PdConfig.Group group = config.group();
    if (!group.join().isEmpty()) {
      return Identity.newcomer(config.name(), drawn);
    }
    return group.founders().isEmpty()
        ? Identity.alone(config.memberId(), config.name(), drawn)
        : Identity.founder(config.name(), group.founders(), drawn);
  }

  private static void check(PdConfig config, Identity identity, boolean wasKept) {
    if (!wasKept) {
      return;
    }
    String directory = config.dataDir().map(Object::toString).orElse("memory");
    boolean isAlone = config.group().equals(PdConfig.Group.ALONE);
    boolean isNamed = !identity.name().isEmpty();
    if (isNamed && !isAlone && !identity.name().equals(config.name())) {
      throw new PdStorageException(
          "data directory "
              + directory
              + " belongs to member \""
              + identity.name()
              + "\", not to \""
              + config.name()
              + "\": choose another directory, or start it as --name "
              + identity.name());
    }
    if (isAlone
        && identity.memberId() != config.memberId()
        && identity.founding() == 0
        && !identity.joined()) {
      throw new PdStorageException(
          "data directory "
              + directory
              + " belongs to \"pd member "
              + Long.toUnsignedString(identity.memberId())
              + "\", not to \"pd member "
              + config.memberId()
              + "\": choose another directory");
    }
  }

  /**
   * A version before this one did not keep the list. Without state of its own the member would then
   * take itself for the only one of its group, and lead beside the others.
   */
  private static Identity withList(PdConfig config, Identity identity, PdStorage storage) {
    if (identity.wasFoundedBy(config.group().founders())) {
      Identity whole = identity.foundedBy(config.group().founders());
      storage.keepIdentity(whole);
      return whole;
    }
    if (storage.snapshot().isEmpty()) {
      throw new PdStorageException(
          "data directory "
              + config.dataDir().map(Object::toString).orElse("memory")
              + " does not say who the first members of its group were: start member \""
              + identity.name()
              + "\" once with the --initial-cluster that it began with");
    }
    return identity;
  }

  /** The first members of this one's group; itself alone if it began alone. */
  static List<MemberRecord> founders(Identity identity, MemberRecord self) {
    List<MemberRecord> founders = new ArrayList<>();
    long id = 0;
    for (var founder : identity.founders().entrySet()) {
      id++;
      String url = "http://" + founder.getValue();
      founders.add(
          id == self.getId()
              ? self
              : MemberRecord.newBuilder()
                  .setId(id)
                  .setName(founder.getKey())
                  .addClientUrls(url)
                  .addPeerUrls(url)
                  .build());
    }
    return founders.isEmpty() ? List.of(self) : founders;
  }
}
