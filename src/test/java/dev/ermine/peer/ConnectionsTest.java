package dev.ermine.peer;

import static dev.ermine.peer.Asking.answering;
import static dev.ermine.peer.Asking.answers;
import static dev.ermine.peer.Asking.missed;
import static dev.ermine.peer.Asking.ok;
import static dev.ermine.peer.Asking.search;
import static dev.ermine.peer.Asking.searchset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.region.RegionId;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.Ports;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The count of connections to a region. */
@Timeout(60)
class ConnectionsTest {

  private final Asking asking = new Asking();
  private final Connections connections = asking.peer.connections(new RegionId("london"));

  /** Those of the warm-up go when their peer has. */
  @BeforeEach
  void isNone() throws InterruptedException {
    await("open=0 inUse=0 waiting=0");
  }

  @AfterEach
  void close() {
    asking.close();
  }

  @Test
  void isInUseWhileAnExchangeHasItAndOpenAfterwards() throws Exception {
    List<String> during = new CopyOnWriteArrayList<>();
    try (EvilPeer peer =
        answering(
            request -> {
              during.add(told());
              return ok(searchset());
            })) {
      assertThat(asking.ask(search(answers(peer.base())))).isEqualTo(new PeerAnswer.NotMatched());
      assertThat(during).containsExactly("open=1 inUse=1 waiting=0");
      await("open=1 inUse=0 waiting=0");
    }
    await("open=0 inUse=0 waiting=0");
  }

  @Test
  void isInUseNoMoreOnceItsExchangeIsStopped() throws Exception {
    try (EvilPeer peer =
        Asking.evil(
            line -> {
              line.next();
              line.awaitClose();
            })) {
      assertThat(asking.ask(search(answers(peer.base())), Duration.ofSeconds(2)))
          .isEqualTo(missed(new Miss.TimedOut()));
      await("open=0 inUse=0 waiting=0");
    }
  }

  @Test
  void isWaitedForNoMoreWhenThereIsNone() throws Exception {
    URI nowhere = URI.create("https://localhost:" + Ports.free() + "/fhir");
    assertThat(asking.ask(search(answers(nowhere))))
        .isEqualTo(missed(new Miss.Unreachable("no connection")));
    await("open=0 inUse=0 waiting=0");
  }

  private String told() {
    return "open=%d inUse=%d waiting=%d"
        .formatted(connections.open(), connections.inUse(), connections.waiting());
  }

  private void await(String state) throws InterruptedException {
    Instant end = Instant.now().plusSeconds(10);
    while (!told().equals(state)) {
      assertThat(Instant.now()).as("still %s, not %s", told(), state).isBefore(end);
      Thread.sleep(10);
    }
  }
}
