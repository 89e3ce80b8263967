package dev.kittiwake.client.txn;

import static dev.kittiwake.client.txn.TxnEnvironment.wire;

import dev.kittiwake.client.region.CachedRegion;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.Assertion;
import dev.kittiwake.proto.kvrpcpb.Mutation;
import dev.kittiwake.proto.kvrpcpb.Op;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockRequest;
import java.util.List;

/** Makes the requests of one round of locking. Pure. */
record PessimisticLockRequests(
    long startTs,
    long forUpdateTs,
    Key primary,
    long ttlMillis,
    boolean isFirst,
    long waitMillis,
    LockOptions options) {

  PessimisticLockRequest request(CachedRegion region, List<Key> keys) {
    PessimisticLockRequest.Builder request =
        PessimisticLockRequest.newBuilder()
            .setContext(region.context())
            .setPrimaryLock(wire(primary))
            .setStartVersion(startTs)
            .setForUpdateTs(forUpdateTs)
            .setLockTtl(ttlMillis)
            .setIsFirstLock(isFirst)
            .setWaitTimeout(waitMillis)
            .setReturnValues(options.returnValues())
            .setLockOnlyIfExists(options.onlyIfExists())
            .setMinCommitTs(forUpdateTs + 1);
    for (Key key : keys) {
      request.addMutations(
          Mutation.newBuilder()
              .setOp(Op.PessimisticLock)
              .setKey(wire(key))
              .setAssertion(
                  options.mustNotExist().contains(key) ? Assertion.NotExist : Assertion.None));
    }
    return request.build();
  }
}
