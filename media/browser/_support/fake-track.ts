/** A track of no device: it can end, be muted by the system, and tells whether it was stopped. */
export class FakeTrack extends EventTarget implements MediaStreamTrack {
  readonly id = crypto.randomUUID();
  readonly kind: 'audio' | 'video';
  readonly label: string;
  readonly #settings: MediaTrackSettings;
  contentHint = '';
  enabled = true;
  muted = false;
  readyState: MediaStreamTrackState = 'live';
  onended = null;
  onmute = null;
  onunmute = null;

  constructor(kind: 'audio' | 'video', settings: MediaTrackSettings = {}, label = `Fake ${kind}`) {
    super();
    this.kind = kind;
    this.label = label;
    this.#settings = settings;
  }

  stop(): void {
    this.readyState = 'ended';
  }

  /** As when a headset is unplugged. */
  endByDevice(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }

  muteBySystem(): void {
    this.muted = true;
    this.dispatchEvent(new Event('mute'));
  }

  getSettings(): MediaTrackSettings {
    return this.#settings;
  }

  getCapabilities(): MediaTrackCapabilities {
    return {};
  }

  getConstraints(): MediaTrackConstraints {
    return {};
  }

  applyConstraints(): Promise<void> {
    return Promise.resolve();
  }

  clone(): MediaStreamTrack {
    return new FakeTrack(this.kind, this.#settings, this.label);
  }
}

/** The little of a MediaStream that acquiring reads. */
export class FakeStream extends EventTarget implements MediaStream {
  readonly id = crypto.randomUUID();
  readonly active = true;
  readonly #tracks: MediaStreamTrack[];
  onaddtrack = null;
  onremovetrack = null;

  constructor(tracks: MediaStreamTrack[]) {
    super();
    this.#tracks = tracks;
  }

  getTracks(): MediaStreamTrack[] {
    return this.#tracks;
  }

  getAudioTracks(): MediaStreamTrack[] {
    return this.#tracks.filter(({ kind }) => kind === 'audio');
  }

  getVideoTracks(): MediaStreamTrack[] {
    return this.#tracks.filter(({ kind }) => kind === 'video');
  }

  getTrackById(id: string): MediaStreamTrack | null {
    return this.#tracks.find((track) => track.id === id) ?? null;
  }

  addTrack(track: MediaStreamTrack): void {
    this.#tracks.push(track);
  }

  removeTrack(): void {}

  clone(): MediaStream {
    return new FakeStream(this.#tracks);
  }
}
