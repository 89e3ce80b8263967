package dev.kittiwake.client;

import com.google.protobuf.UnsafeByteOperations;
import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.client.region.CachedRegion;
import dev.kittiwake.client.region.KvCall;
import dev.kittiwake.client.region.RegionCache.Side;
import dev.kittiwake.client.region.RegionRouter;
import dev.kittiwake.client.region.Reply;
import dev.kittiwake.client.region.UserKeys;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.SplitRegionRequest;
import dev.kittiwake.proto.kvrpcpb.SplitRegionResponse;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.pdpb.ScatterRegionRequest;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Splits regions at keys of the user's choice, all keys of a region in one request. */
final class RegionSplits {
  private static final int ROUNDS = 20; // without any progress

  private final RegionRouter router;
  private final PdClient pd;
  private final ClientConfig config;

  RegionSplits(RegionRouter router, PdClient pd, ClientConfig config) {
    this.router = router;
    this.pd = pd;
    this.config = config;
  }

  void split(List<byte[]> userKeys, boolean scatter, ClientRuntime runtime) {
    TreeSet<Key> missing = new TreeSet<>();
    userKeys.forEach(key -> missing.add(Key.copyOf(key)));
    missing.remove(Key.EMPTY);
    Set<Long> made = new LinkedHashSet<>();
    int fruitless = 0;
    while (!missing.isEmpty()) {
      int before = missing.size();
      made.addAll(splitSome(missing, runtime));
      fruitless = missing.size() < before ? 0 : fruitless + 1;
      if (fruitless == ROUNDS) {
        throw new KvException(
            "regions could not be split at "
                + missing.size()
                + " keys, the first is "
                + missing.first());
      }
    }
    if (scatter && !made.isEmpty()) {
      runtime.await(
          pd.call(
              PdMethod.SCATTER_REGION,
              ScatterRegionRequest.newBuilder().addAllRegionsId(made).build()));
    }
  }

  /** Splits the region of the first missing key at all missing keys in it; gives the regions. */
  private List<Long> splitSome(TreeSet<Key> missing, ClientRuntime runtime) {
    byte[] first = UserKeys.stored(missing.first().unsafeBytes());
    CachedRegion region = runtime.await(router.locate(first, Side.AT));
    if (Arrays.equals(region.start(), first)) {
      missing.pollFirst();
      return List.of();
    }
    Reply<SplitRegionResponse> reply;
    try {
      reply =
          runtime.await(
              router.send(
                  KvCall.SPLIT_REGION,
                  first,
                  Side.AT,
                  current -> request(current, missing),
                  router.backoff(null, config.writeBudget().toMillis(), "split")));
    } catch (AlreadySplit done) {
      missing.pollFirst();
      return List.of();
    }
    SplitRegionResponse response = reply.response();
    router.learn(response.getRegionsList(), reply.region());
    List<Long> made = new ArrayList<>();
    for (Region child : response.getRegionsList()) {
      made.add(child.getId());
      if (!child.getStartKey().isEmpty()) {
        missing.remove(UserKeys.atOrAbove(child.getStartKey().toByteArray()));
      }
    }
    return made;
  }

  /** Nothing is left to be done: the region begins at the first of the keys. */
  private static final class AlreadySplit extends KvException {
    private static final long serialVersionUID = 1L;

    AlreadySplit(CachedRegion region) {
      super(region + " begins where it was to be split");
    }
  }

  private static SplitRegionRequest request(CachedRegion region, TreeSet<Key> missing) {
    SplitRegionRequest.Builder request =
        SplitRegionRequest.newBuilder().setContext(region.context());
    for (Key key : missing) {
      byte[] stored = UserKeys.stored(key.unsafeBytes());
      if (region.holds(stored) && !Arrays.equals(region.start(), stored)) {
        request.addSplitKeys(UnsafeByteOperations.unsafeWrap(key.unsafeBytes()));
      }
    }
    if (request.getSplitKeysCount() == 0) {
      throw new AlreadySplit(region); // by an attempt whose answer was lost, or by somebody else
    }
    return request.build();
  }
}
