package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.Peer;
import java.util.List;
import java.util.Optional;

/** What an operator of the cluster may ask for by hand, under TiKV's names. Pure. */
public final class AdminOperators {
  private final ClusterView view;

  public AdminOperators(ClusterView view) {
    this.view = view;
  }

  /**
   * Plans for one region.
   *
   * @param storeId that is to lead, to get or to lose a replica
   * @param from and {@code to}: of a replica that is to move
   * @throws IllegalArgumentException one line why it is not possible
   */
  public Operator of(String name, RegionRecord region, long storeId, long from, long to) {
    require(region.hasLeader() && !region.isJoint(), region, "is between two configurations");
    Rearrangement plan = new Rearrangement(region, view);
    switch (name) {
      case "transfer-leader":
        peer(region, storeId);
        plan.leader(storeId);
        break;
      case "transfer-peer":
        peer(region, from);
        vacancy(region, to);
        plan.without(from).voter(to);
        break;
      case "add-peer":
        vacancy(region, storeId);
        plan.voter(storeId);
        break;
      case "add-learner":
        vacancy(region, storeId);
        plan.learner(storeId);
        break;
      case "remove-peer":
        peer(region, storeId);
        require(region.peers().size() > 1, region, "has no other replica");
        plan.without(storeId);
        break;
      default:
        throw new IllegalArgumentException(
            "operator \""
                + name
                + "\" is not one of transfer-leader, transfer-peer, add-peer, add-learner,"
                + " remove-peer, split-region, merge-region, scatter-region");
    }
    Optional<Operator> operator = plan.plan("admin-" + name, Operator.Kind.ADMIN);
    return operator
        .map(one -> one.with(Operator.Priority.HIGH))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "region "
                        + region.id()
                        + ": "
                        + (plan.obstacle().isEmpty() ? "is so already" : plan.obstacle())));
  }

  /**
   * A region becomes two, or more.
   *
   * @param keys where it is cut; none: where its store finds its middle
   * @throws IllegalArgumentException one line why it is not possible
   */
  public Operator split(RegionRecord region, List<Key> keys) {
    require(region.hasLeader() && !region.isJoint(), region, "is between two configurations");
    for (Key key : keys) {
      require(
          region.range().contains(key) && !key.equals(region.range().start()),
          region,
          "cannot be cut at " + key + ": it is outside, or where the region begins");
    }
    OperatorStep step = keys.isEmpty() ? new SplitInHalf(region.version()) : new SplitAtKeys(keys);
    return Operator.of("admin-split-region", Operator.Kind.ADMIN, region, List.of(step));
  }

  /**
   * Both sides of a merge of neighbours.
   *
   * @throws IllegalArgumentException one line why it is not possible
   */
  public List<Operator> merge(RegionRecord source, RegionRecord target) {
    boolean adjacent =
        view.tree().before(source).filter(one -> one.id() == target.id()).isPresent()
            || view.tree().after(source).filter(one -> one.id() == target.id()).isPresent();
    require(adjacent, source, "is no neighbour of region " + target.id());
    require(source.isHealthy(), source, "has a replica that is missing, lagging or learning");
    require(target.isHealthy(), target, "has a replica that is missing, lagging or learning");
    return MergeChecker.plan(source, target, view)
        .orElseThrow(() -> new IllegalArgumentException("waiting for ids, try again"));
  }

  private static Peer peer(RegionRecord region, long storeId) {
    return region
        .peerOn(storeId)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "region " + region.id() + " has no replica on store " + storeId));
  }

  private void vacancy(RegionRecord region, long storeId) {
    require(
        region.peerOn(storeId).isEmpty(), region, "has a replica on store " + storeId + " already");
    StoreView store =
        view.store(storeId)
            .orElseThrow(() -> new IllegalArgumentException("store " + storeId + " is not known"));
    require(store.serves(), region, "store " + storeId + " is " + store.stateName(view.config()));
  }

  private static void require(boolean holds, RegionRecord region, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException("region " + region.id() + " " + otherwise);
    }
  }
}
