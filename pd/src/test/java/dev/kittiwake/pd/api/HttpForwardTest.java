package dev.kittiwake.pd.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a follower tells of a leader that is gone. */
final class HttpForwardTest {
  private static final String NOBODY = "http://127.0.0.1:1";

  @Test
  void aLeaderThatIsGoneIsNamedAndAnythingMayBeAskedAgain() {
    ExecutionException failure =
        assertThrows(
            ExecutionException.class,
            () ->
                new HttpForward("pd-2")
                    .send(NOBODY, "POST", "/pd/api/v1/leader/resign", "")
                    .get(60, TimeUnit.SECONDS));
    HttpApi.HttpRefused refused = (HttpApi.HttpRefused) failure.getCause();
    assertEquals(503, refused.status());
    assertTrue(refused.getMessage().contains(NOBODY), refused.getMessage());
    assertTrue(refused.getMessage().contains("ask again"), refused.getMessage());
  }
}
