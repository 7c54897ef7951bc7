package dev.ermine.audit;

import dev.ermine.audit.PastEvent.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an audit file says of broken glass and of who was told, read on from where the last look
 * ended. The file is where notices wait that are still to be given: what it says twice, or a file
 * that took its place, is told again, never left out.
 */
public final class BrokenGlass {

  private static final String OVERRIDE = "\"override\"";
  private static final String NOTICE = "\"notice\"";

  private final Path file;
  private @Nullable Object key;
  private long position;

  public BrokenGlass(Path file) {
    this.file = file;
  }

  /**
   * Tells each event that has been written since the last look.
   *
   * @param room whether more may be told now; the next look goes on from there
   */
  public void look(Consumer<PastEvent> each, BooleanSupplier room) throws IOException {
    BasicFileAttributes now;
    try {
      now = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException notYet) {
      return;
    }
    if (!Objects.equals(key, now.fileKey()) || now.size() < position) {
      key = now.fileKey();
      position = 0;
    }
    if (now.size() > position && room.getAsBoolean()) {
      position =
          Lines.read(
              file,
              position,
              line -> {
                event(line).ifPresent(each);
                return room.getAsBoolean();
              });
    }
  }

  /** Most lines are of other things, and need not be parsed to know it. */
  private static Optional<PastEvent> event(byte[] line) {
    return PastEvents.contains(line, OVERRIDE) || PastEvents.contains(line, NOTICE)
        ? PastEvents.event(line)
            .filter(event -> event.phase() == Phase.OVERRIDE || event.phase() == Phase.NOTICE)
        : Optional.empty();
  }
}
