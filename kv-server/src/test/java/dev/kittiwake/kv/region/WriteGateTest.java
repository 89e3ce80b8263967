package dev.kittiwake.kv.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.proto.kvrpcpb.Context;
import dev.kittiwake.proto.kvrpcpb.DiskFullOpt;
import org.junit.jupiter.api.Test;

class WriteGateTest {
  private static final Context PLAIN = Context.getDefaultInstance();
  private static final Context INSISTING =
      Context.newBuilder().setDiskFullOpt(DiskFullOpt.AllowedOnAlmostFull).build();

  private final WriteGate gate = new WriteGate(7);

  @Test
  void aNearlyFullDiskRefusesGrowthUntilThereIsMoreThanABitOfRoomAgain() {
    gate.onDisk(10_000, 2_000, 1_000);
    assertNull(gate.refusal(PLAIN));
    gate.onDisk(10_000, 999, 1_000);
    assertEquals(7, gate.refusal(PLAIN).getDiskFull().getStoreId(0));
    assertNull(gate.refusal(INSISTING), "the client knows, and wants it all the same");
    gate.onDisk(10_000, 1_100, 1_000);
    assertTrue(gate.isFull(), "it must not flap");
    gate.onDisk(10_000, 1_300, 1_000);
    assertNull(gate.refusal(PLAIN));
    assertFalse(gate.isCritical());
  }

  @Test
  void aFullDiskListensToNobody() {
    gate.onDisk(10_000, 200, 1_000);
    assertTrue(gate.isCritical());
    assertTrue(gate.refusal(INSISTING).hasDiskFull());
  }

  @Test
  void anUnknownOrUnwatchedDiskRefusesNothing() {
    gate.onDisk(0, 0, 1_000);
    assertNull(gate.refusal(PLAIN));
    gate.onDisk(10_000, 0, 0);
    assertNull(gate.refusal(PLAIN));
  }

  /** Gradually: a sudden stop would make all clients come back at the same time. */
  @Test
  void theFurtherTheEngineIsBehindTheMoreIsRefused() {
    assertEquals(0, refusedOf100At(0.5));
    assertEquals(0, refusedOf100At(0.75));
    int some = refusedOf100At(0.8);
    int more = refusedOf100At(0.95);
    assertTrue(some > 10 && some < 30, "refused " + some);
    assertTrue(more > 70 && more < 90, "refused " + more);
    assertEquals(100, refusedOf100At(1));
    assertEquals(100, refusedOf100At(3));
  }

  private int refusedOf100At(double pressure) {
    gate.onPressure(pressure);
    int refused = 0;
    for (int i = 0; i < 100; i++) {
      if (gate.refusal(PLAIN) != null) {
        refused++;
      }
    }
    return refused;
  }
}
