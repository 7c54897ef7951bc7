package dev.ermine.audit;

import static dev.ermine.audit.Records.LONDON;
import static dev.ermine.audit.Records.broken;
import static dev.ermine.audit.Records.intent;
import static dev.ermine.audit.Records.search;
import static dev.ermine.audit.Records.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.audit.PastEvent.Phase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the audit file says of broken glass, read on from look to look. */
class BrokenGlassTest {

  @TempDir Path directory;

  private final List<PastEvent> events = new ArrayList<>();

  @Test
  void tellsBrokenGlassAndNoticesOnceEachAndNothingElse() throws IOException {
    BrokenGlass glass = new BrokenGlass(file());
    look(glass);
    assertThat(events).as("there is no file yet").isEmpty();

    write(intent(search()), broken("r-5"));
    look(glass);
    assertThat(events).extracting(PastEvent::phase).containsExactly(Phase.OVERRIDE);

    write(intent(search()), told("r-5", LONDON));
    look(glass);
    look(glass);
    assertThat(events).extracting(PastEvent::phase).containsExactly(Phase.OVERRIDE, Phase.NOTICE);
  }

  @Test
  void readsBackWhatAgreementsLookedAt() throws IOException {
    write(broken("r-5"), told("r-5", LONDON));
    look(new BrokenGlass(file()));

    PastEvent event = events.getFirst();
    assertThat(event.region()).contains("hwe");
    assertThat(event.asked()).containsOnlyKeys("london");
    PastEvent.Question question = event.question().orElseThrow();
    assertThat(question.organisation()).isEqualTo("RQW");
    assertThat(question.roles()).containsExactly("R8000");
    assertThat(question.stepUp().orElseThrow().context()).isEqualTo("AAL3_ANY");
    assertThat(events.getLast().region()).contains("london");
    assertThat(events.getLast().about()).contains(event.at());
  }

  @Test
  void goesOnWhereItStoppedForWantOfRoom() throws IOException {
    write(broken("r-5"), broken("r-6"), broken("r-7"));
    BrokenGlass glass = new BrokenGlass(file());

    glass.look(events::add, () -> events.size() < 2);
    assertThat(events).extracting(PastEvent::requestId).containsExactly("r-5", "r-6");
    glass.look(events::add, () -> events.size() < 2);
    assertThat(events).hasSize(2);
    look(glass);
    assertThat(events).extracting(PastEvent::requestId).containsExactly("r-5", "r-6", "r-7");
  }

  @Test
  void waitsForTheRestOfALineThatIsBeingWritten() throws IOException {
    write(broken("r-5"));
    byte[] whole = Files.readAllBytes(file());
    Files.write(file(), java.util.Arrays.copyOf(whole, whole.length - 40));
    BrokenGlass glass = new BrokenGlass(file());
    look(glass);
    assertThat(events).isEmpty();

    Files.write(
        file(),
        java.util.Arrays.copyOfRange(whole, whole.length - 40, whole.length),
        StandardOpenOption.APPEND);
    look(glass);
    assertThat(events).hasSize(1);
  }

  @Test
  void readsAFileThatTookThePlaceOfTheOldFromItsBeginning() throws IOException {
    write(broken("r-5"), broken("r-6"));
    BrokenGlass glass = new BrokenGlass(file());
    look(glass);
    Files.move(file(), directory.resolve("audit.1"));

    write(broken("r-7"));
    look(glass);
    assertThat(events).extracting(PastEvent::requestId).containsExactly("r-5", "r-6", "r-7");
  }

  @Test
  void passesOverWhatIsNoEvent() throws IOException {
    Files.writeString(file(), "\"override\" torn\n{\"a\":\"override\"}\n", StandardCharsets.UTF_8);
    write(broken("r-5"));
    look(new BrokenGlass(file()));

    assertThat(events).extracting(PastEvent::requestId).containsExactly("r-5");
  }

  private void look(BrokenGlass glass) throws IOException {
    glass.look(events::add, () -> true);
  }

  private void write(AuditRecord... records) throws IOException {
    try (AuditFile audit = new AuditFile(file(), Records.writer(), Duration.ofSeconds(20))) {
      for (AuditRecord record : records) {
        switch (record) {
          case AuditRecord.Intent intent -> audit.intend(intent);
          case AuditRecord.GlassBroken broken -> audit.override(broken);
          case AuditRecord.Told told -> audit.tell(told);
          default -> throw new AssertionError("not of this test");
        }
      }
    }
  }

  private Path file() {
    return directory.resolve("audit.ndjson");
  }
}
