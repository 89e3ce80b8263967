package dev.kittiwake.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KvConfigTest {
  @TempDir Path directory;

  private KvConfig load(String... lines) throws Exception {
    Path file = directory.resolve("store.toml");
    Files.write(file, java.util.List.of(lines));
    return KvConfig.standard().with(file);
  }

  @Test
  void aFileReplacesValuesAndLeavesTheOthers() throws Exception {
    KvConfig config =
        load(
            "# a store",
            "raft-tick = 500ms   # faster",
            "leader-lease = 4s",
            "data = \"/somewhere\"",
            "raft-entry-max-size = 1MiB");
    assertEquals(500, config.millis(KvSetting.RAFT_TICK));
    assertEquals(1 << 20, config.number(KvSetting.RAFT_ENTRY_MAX_SIZE));
    assertEquals("/somewhere", config.text(KvSetting.DATA));
    assertEquals(
        KvSetting.RAFT_ELECTION_TICKS.standard(), config.text(KvSetting.RAFT_ELECTION_TICKS));
  }

  @Test
  void anUnknownSettingIsRefusedWithTheNearestName() {
    String message = refusal("raft-tik = 1s");
    assertTrue(message.contains("line 1"), message);
    assertTrue(message.contains("did you mean \"raft-tick\"?"), message);
  }

  @Test
  void badValuesNameTheSettingTheValueAndWhatIsExpected() {
    assertTrue(refusal("raft-tick = soon").contains("raft-tick = \"soon\" is not a duration"));
    assertTrue(refusal("raft-tick = 10").contains("a duration like 500ms"));
    assertTrue(refusal("snapshot-chunk = 1m").contains("a size like 64KiB"));
    assertTrue(refusal("apply-inline = yes").contains("true or false"));
    assertTrue(refusal("raft-election-ticks = 1").contains("out of its limits"));
    assertTrue(refusal("just words").contains("name = value"));
  }

  @Test
  void aLeaseThatOutlivesAnElectionIsRefused() {
    assertTrue(refusal("leader-lease = 9s").contains("election timeout"));
  }

  @Test
  void bothProfilesAreValid() {
    assertEquals("1MiB", KvConfig.standard().text(KvSetting.RAFT_BATCH_SIZE));
    assertEquals(50, KvConfig.fastTest().millis(KvSetting.RAFT_TICK));
  }

  private String refusal(String line) {
    return assertThrows(InvalidConfig.class, () -> load(line)).getMessage();
  }
}
