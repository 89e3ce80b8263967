package dev.kittiwake.client.txn;

import static dev.kittiwake.client.txn.TxnEnvironment.wire;

import dev.kittiwake.client.region.CachedRegion;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.Assertion;
import dev.kittiwake.proto.kvrpcpb.Mutation;
import dev.kittiwake.proto.kvrpcpb.Op;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockRequest;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockWakeUpMode;
import java.util.List;

/**
 * Makes the requests of one round of locking. Pure.
 *
 * <p>A request for one key asks for the lock in spite of newer commits: who has waited for a hot
 * key then holds it with the first answer, instead of a refusal and another try. For several keys
 * stores do not offer that, as all are locked or none.
 */
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
    if (keys.size() == 1) {
      request.setWakeUpMode(PessimisticLockWakeUpMode.WakeUpModeForceLock);
    }
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
