/** Worst score of what a seat sends and of what it receives, 0 to 10; null while nothing flows. */
export interface SeatScores {
  sending: number | null;
  receiving: number | null;
}

export interface ScoreTeller {
  /** Says that some score moved; the page hears of it soon, once, with what then holds. */
  touch(): void;
  close(): void;
}

/** Tells a page its scores when they changed, at most once per gap: the worker reports each move of each track. */
export function createScoreTeller(
  gapMs: number,
  read: () => SeatScores,
  tell: (scores: SeatScores) => void,
): ScoreTeller {
  let told: SeatScores = { sending: null, receiving: null };
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  function tellIfMoved(): void {
    const scores = read();
    if (scores.sending === told.sending && scores.receiving === told.receiving) return;
    told = scores;
    tell(scores);
  }

  return {
    touch() {
      if (timer !== undefined || isClosed) return;
      timer = setTimeout(() => {
        timer = undefined;
        tellIfMoved();
      }, gapMs).unref();
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

/** The lowest of the scores that are there. */
export function worstOf(scores: readonly (number | undefined)[]): number | null {
  const known = scores.filter((score) => score !== undefined);
  return known.length === 0 ? null : Math.min(...known);
}
