package dev.ermine.app;

import dev.ermine.app.Live.Reading;
import dev.ermine.region.Stage;
import dev.ermine.trust.PageKeys;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The file of the keys of page tokens as it is configured.
 *
 * @param stage whether keys may be of development
 */
record PageKeyFile(Path file, Stage stage) implements Live.Files<PageKeys> {

  private static final String PROPERTY = "ermine.page-keys: ";

  @Override
  public String fingerprint() {
    return Fingerprint.of(file);
  }

  @Override
  public Reading<PageKeys> read(Instant now) {
    try {
      PageKeys keys = PageKeys.read(file);
      List<String> faults = faults(keys);
      return faults.isEmpty() ? new Reading.Good<>(keys) : new Reading.Refused<>(faults);
    } catch (IllegalArgumentException e) {
      return new Reading.Refused<>(List.of(PROPERTY + e.getMessage()));
    }
  }

  private List<String> faults(PageKeys keys) {
    List<String> faults = new ArrayList<>();
    if (keys.ids().stream().anyMatch(stage::refuses)) {
      faults.add(PROPERTY + "`" + file + "` " + Stage.FAULT);
    }
    PrivateFile.fault(file, stage).ifPresent(fault -> faults.add(PROPERTY + fault));
    return faults;
  }
}
