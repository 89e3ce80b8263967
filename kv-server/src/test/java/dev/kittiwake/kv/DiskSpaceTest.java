package dev.kittiwake.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceTest {
  @Test
  void whatNobodyMayTakeIsNoCapacity() {
    assertEquals(new DiskSpace(93, 49), DiskSpace.of(252, 208, 49));
  }

  @Test
  void withoutAReserveTheCapacityIsTheWholeDisk() {
    assertEquals(new DiskSpace(100, 40), DiskSpace.of(100, 40, 40));
  }

  @Test
  void aDiskThatOffersMoreThanItSaysIsFreeIsBelieved() {
    assertEquals(new DiskSpace(100, 50), DiskSpace.of(100, 40, 50));
  }

  @Test
  void aRealDiskHasRoomWithinItsCapacity(@TempDir Path directory) throws IOException {
    DiskSpace space = DiskSpace.of(directory);
    assertTrue(space.available() > 0 && space.available() <= space.capacity(), space.toString());
  }
}
